namespace MetaLlm.Storage.Migrations;

/// <summary>A migration as a database has it on record.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Name">Its name; null where it was applied before names were kept.</param>
/// <param name="Checksum">Checksum of its script; null where it was applied before checksums were kept.</param>
/// <param name="MinReader">Lowest newest version that a build may know and still run on the database; null for the migration's own.</param>
public sealed record AppliedMigration(int Version, string? Name, string? Checksum, int? MinReader = null);
