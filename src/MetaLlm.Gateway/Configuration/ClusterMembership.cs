namespace MetaLlm.Gateway.Configuration;

/// <summary>How the silos of a cluster find each other.</summary>
public enum ClusterMembership
{
    /// <summary>They do not: one silo on this machine.</summary>
    Localhost = 0,

    /// <summary>By a table in the PostgreSQL database of the storage.</summary>
    Postgres = 1,
}
