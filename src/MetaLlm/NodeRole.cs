namespace MetaLlm;

/// <summary>What a process of a cluster does.</summary>
public enum NodeRole
{
    /// <summary>Serves clients and holds tenants.</summary>
    All = 0,

    /// <summary>Serves clients; tenants are held by silos elsewhere.</summary>
    Gateway = 1,

    /// <summary>Holds tenants; serves no clients, only health and metrics.</summary>
    Silo = 2,
}
