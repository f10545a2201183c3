namespace MetaLlm.Storage.Sqlite;

/// <summary>A database was written by a newer build; it is left untouched.</summary>
/// <param name="path">The database.</param>
/// <param name="found">Schema version found in it.</param>
/// <param name="newestKnown">Newest version that this build knows.</param>
public sealed class SchemaVersionException(string path, int found, int newestKnown)
    : Exception($"Database '{path}' has schema version {found}; this build knows versions up to {newestKnown}. Use a newer build, or another file.")
{
    /// <summary>Schema version found.</summary>
    public int Found { get; } = found;

    /// <summary>Newest version that this build knows.</summary>
    public int NewestKnown { get; } = newestKnown;
}
