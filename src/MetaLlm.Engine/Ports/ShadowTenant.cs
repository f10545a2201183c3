namespace MetaLlm.Engine.Ports;

/// <summary>
/// The tenant that a tenant's shadow is: it sees a share of the calls and answers none. Reports over all tenants leave it out, so that no request counts twice.
/// </summary>
public static class ShadowTenant
{
    /// <summary>What follows a tenant's name in that of its shadow. No other tenant's name ends so.</summary>
    public const string Suffix = "~shadow";

    /// <summary>The name of a tenant's shadow.</summary>
    /// <param name="tenant">The tenant.</param>
    public static string NameOf(string tenant) => tenant + Suffix;

    /// <summary>The tenant whose models are called: that of a shadow, of judges or of a purse for evidence, or else the tenant itself.</summary>
    /// <param name="name">A tenant, or one of those that stand beside it.</param>
    public static string Principal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length]
            : name.EndsWith(JudgeTenant.Suffix, StringComparison.Ordinal) ? name[..^JudgeTenant.Suffix.Length]
            : name.EndsWith(EvidenceTenant.Suffix, StringComparison.Ordinal) ? name[..^EvidenceTenant.Suffix.Length]
            : name;
    }
}
