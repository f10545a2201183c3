namespace MetaLlm.Storage.Migrations;

/// <summary>A database has a newer schema than this build knows, or an older one than it needs and may not change by itself.</summary>
/// <param name="database">The database.</param>
/// <param name="found">Schema version found in it; 0 for none.</param>
/// <param name="newestKnown">Newest version that this build knows.</param>
/// <param name="minReader">Version that a build must know at least to run on a newer schema; null for the version found.</param>
public sealed class SchemaVersionException(string database, int found, int newestKnown, int? minReader = null)
    : SchemaException(Describe(database, found, newestKnown, minReader ?? found))
{
    /// <summary>Schema version found; 0 for none.</summary>
    public int Found { get; } = found;

    /// <summary>Newest version that this build knows.</summary>
    public int NewestKnown { get; } = newestKnown;

    private static string Describe(string database, int found, int newestKnown, int minReader)
    {
        if (found > newestKnown)
        {
            return $"Database '{database}' has schema version {found}, for builds that know version {minReader} at least; this build knows versions up to {newestKnown}. "
                + "Use a newer build, or another database.";
        }

        return found == 0
            ? $"Database '{database}' has no MetaLlm schema; this build needs version {newestKnown}. Run 'metallm migrate' on it first."
            : $"Database '{database}' has schema version {found}; this build needs version {newestKnown}. Run 'metallm migrate' on it first.";
    }
}
