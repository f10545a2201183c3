namespace MetaLlm.Engine.Ports;

/// <summary>The tenant for which models are asked beside those that serve a tenant under a guarantee: its cap is their purse. Reports over all tenants leave it out.</summary>
public static class GuaranteeTenant
{
    /// <summary>What follows a tenant's name in that of its guarantee. No other tenant's name ends so.</summary>
    public const string Suffix = "~guarantee";

    /// <summary>The name of the tenant of a tenant's guarantee.</summary>
    /// <param name="tenant">The tenant.</param>
    public static string NameOf(string tenant) => tenant + Suffix;
}
