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
}
