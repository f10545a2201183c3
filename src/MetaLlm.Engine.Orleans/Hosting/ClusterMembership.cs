namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>How silos find each other.</summary>
public enum ClusterMembership
{
    /// <summary>One silo on this machine, on the loopback address; clients are on the same machine.</summary>
    Localhost = 0,

    /// <summary>A table in a database: PostgreSQL, unless <see cref="OrleansClusterOptions.Invariant"/> says otherwise.</summary>
    Database = 1,
}
