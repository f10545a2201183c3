namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Where grain storage keeps snapshots.</summary>
public enum SnapshotStorage
{
    /// <summary>In the silos' memory: a tenant that comes back after its silo has gone is rebuilt from the journal alone.</summary>
    Memory = 0,

    /// <summary>In PostgreSQL.</summary>
    Postgres = 1,

    /// <summary>In a SQLite file, for one silo.</summary>
    Sqlite = 2,
}
