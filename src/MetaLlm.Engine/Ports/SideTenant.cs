namespace MetaLlm.Engine.Ports;

/// <summary>The tenants that stand beside a tenant for calls of which nothing is counted as its own: its shadow, and those of its judges, its guarantee and its evidence. Reports over all tenants leave them out.</summary>
public static class SideTenant
{
    /// <summary>What follows a tenant's name in those of its side tenants. No other tenant's name ends so.</summary>
    public static IReadOnlyList<string> Suffixes { get; } = [ShadowTenant.Suffix, JudgeTenant.Suffix, GuaranteeTenant.Suffix, EvidenceTenant.Suffix];

    /// <summary>The tenant whose models are called: that which a side tenant stands beside, or else the tenant itself.</summary>
    /// <param name="name">A tenant, or a side tenant.</param>
    public static string Principal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var suffix in Suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                return name[..^suffix.Length];
            }
        }

        return name;
    }
}
