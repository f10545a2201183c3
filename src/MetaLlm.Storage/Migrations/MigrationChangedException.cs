namespace MetaLlm.Storage.Migrations;

/// <summary>A migration that a database has is not the one that this build has under the same number.</summary>
/// <param name="database">The database.</param>
/// <param name="applied">What the database has.</param>
/// <param name="known">What this build has.</param>
public sealed class MigrationChangedException(string database, AppliedMigration applied, Migration known)
    : SchemaException(
        $"Database '{database}' has migration {applied.Name ?? $"{applied.Version:D4}"} with checksum {applied.Checksum ?? "(none)"}; "
        + $"this build has {known.Name} with checksum {known.Checksum}. A migration that was applied must not change: use the build that applied it, or a newer one that follows it.")
{
    /// <summary>What the database has.</summary>
    public AppliedMigration Applied { get; } = applied;

    /// <summary>What this build has.</summary>
    public Migration Known { get; } = known;
}
