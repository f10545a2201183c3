namespace MetaLlm.Engine.Ports;

/// <summary>The tenant for which the models are called that judge a tenant's answers: its cap is their purse. Reports over all tenants leave it out.</summary>
public static class JudgeTenant
{
    /// <summary>What follows a tenant's name in that of its judges. No other tenant's name ends so.</summary>
    public const string Suffix = "~judges";

    /// <summary>The name of the tenant of a tenant's judges.</summary>
    /// <param name="tenant">The tenant.</param>
    public static string NameOf(string tenant) => tenant + Suffix;
}
