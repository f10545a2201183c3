namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Where grain storage keeps snapshots.</summary>
public enum SnapshotStorage
{
    /// <summary>In the silos' memory: a tenant that comes back after its silo has gone is rebuilt from the journal alone.</summary>
    Memory = 0,

    /// <summary>In a database of their own connections: PostgreSQL, unless another client is named.</summary>
    Database = 1,

    /// <summary>In the journal's own database, through its <see cref="Ports.IGrainStateTable"/>, as SQLite needs it.</summary>
    Journal = 2,
}
