namespace MetaLlm.Engine.Ports;

/// <summary>The tenant for which models are called that did not serve, so that more is known of them: its cap is the purse for that. Reports over all tenants leave it out.</summary>
public static class EvidenceTenant
{
    /// <summary>What follows a tenant's name in that of the tenant of its purse. No other tenant's name ends so.</summary>
    public const string Suffix = "~evidence";

    /// <summary>The name of the tenant of a tenant's purse.</summary>
    /// <param name="tenant">The tenant.</param>
    public static string NameOf(string tenant) => tenant + Suffix;
}
