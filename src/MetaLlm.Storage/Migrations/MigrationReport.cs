namespace MetaLlm.Storage.Migrations;

/// <summary>What a migrator found and did.</summary>
/// <param name="Present">Migrations that the database had before, in order.</param>
/// <param name="Applied">Migrations that it has now as well, in order.</param>
public sealed record MigrationReport(IReadOnlyList<Migration> Present, IReadOnlyList<Migration> Applied);
