namespace MetaLlm.Storage.Migrations;

/// <summary>A migration as a database has it on record.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Name">Its name; null where it was applied before names were kept.</param>
/// <param name="Checksum">Checksum of its script; null where it was applied before checksums were kept.</param>
public sealed record AppliedMigration(int Version, string? Name, string? Checksum);
