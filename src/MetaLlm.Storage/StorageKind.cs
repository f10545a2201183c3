namespace MetaLlm.Storage;

/// <summary>The databases that can keep what must survive.</summary>
public enum StorageKind
{
    /// <summary>A file; one process.</summary>
    Sqlite = 0,

    /// <summary>A server that several processes share.</summary>
    Postgres = 1,
}
