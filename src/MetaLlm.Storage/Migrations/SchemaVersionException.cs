namespace MetaLlm.Storage.Migrations;

/// <summary>A database has a newer schema than this build knows, or an older one than it needs and may not change by itself.</summary>
/// <param name="database">The database.</param>
/// <param name="found">Schema version found in it; 0 for none.</param>
/// <param name="newestKnown">Newest version that this build knows.</param>
public sealed class SchemaVersionException(string database, int found, int newestKnown)
    : SchemaException(Describe(database, found, newestKnown))
{
    /// <summary>Schema version found; 0 for none.</summary>
    public int Found { get; } = found;

    /// <summary>Newest version that this build knows.</summary>
    public int NewestKnown { get; } = newestKnown;

    private static string Describe(string database, int found, int newestKnown)
    {
        if (found > newestKnown)
        {
            return $"Database '{database}' has schema version {found}; this build knows versions up to {newestKnown}. Use a newer build, or another database.";
        }

        return found == 0
            ? $"Database '{database}' has no MetaLlm schema; this build needs version {newestKnown}. Run 'metallm migrate' on it first."
            : $"Database '{database}' has schema version {found}; this build needs version {newestKnown}. Run 'metallm migrate' on it first.";
    }
}
