using System.Globalization;

namespace MetaLlm.Chaos.Cluster;

/// <summary>The tenants of the cluster and their keys, by number from 0.</summary>
internal static class TenantKeys
{
    /// <summary>A tenant's id.</summary>
    public static string Id(int tenant) => $"tenant-{tenant.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A tenant's key.</summary>
    public static string Key(int tenant) => $"chaos-key-of-tenant-{tenant.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Environment variable of hosts that holds the key.</summary>
    public static string Variable(int tenant) => $"CHAOS_KEY_{tenant.ToString(CultureInfo.InvariantCulture)}";
}
