using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Host.Prices;

/// <summary>A price of a configuration beside that of the table.</summary>
/// <param name="Place">Tenant and model, with the deployment where there are several.</param>
/// <param name="Member">The member of the configuration.</param>
/// <param name="Configured">What it says, USD per million tokens.</param>
/// <param name="Listed">What the table says.</param>
internal sealed record PriceComparison(string Place, string Member, double Configured, double Listed)
{
    /// <summary>Prices are rounded by who writes them down.</summary>
    private const double Tolerance = 1e-6;

    public bool IsEqual => Math.Abs(Configured - Listed) <= Tolerance * Math.Max(Configured, Listed);

    /// <summary>Compares every price of every tenant that the table knows.</summary>
    /// <param name="tenants">The tenants, with the prices that hold.</param>
    /// <param name="table">The table.</param>
    /// <param name="unknown">Receives the places of models that the table does not have.</param>
    public static IReadOnlyList<PriceComparison> Of(IEnumerable<TenantSettings> tenants, PriceTable table, ICollection<string> unknown)
    {
        var found = new List<PriceComparison>();
        foreach (var tenant in tenants)
        {
            foreach (var (arm, target) in tenant.AllTargets)
            {
                IEnumerable<(string Place, ArmTarget Target)> served = target.Deployments.Count == 0
                    ? [($"{tenant.Id}/{arm}", target)]
                    : target.Deployments.Select(deployment => ($"{tenant.Id}/{arm}/{deployment.Name}", deployment.Target));
                foreach (var (place, one) in served)
                {
                    if (table.Find(one.Endpoint.BaseAddress.Host, one.Model) is { } listed)
                    {
                        found.AddRange(Of(place, one.Options.Prices!, listed));
                    }
                    else
                    {
                        unknown.Add(place);
                    }
                }
            }
        }

        return found;
    }

    private static IEnumerable<PriceComparison> Of(string place, UsagePrices configured, ListedModel listed)
    {
        yield return new(place, "inputUsdPerMillion", Million(configured.Input), listed.Input);
        yield return new(place, "outputUsdPerMillion", Million(configured.Output), listed.Output);
        yield return new(place, "cachedInputUsdPerMillion", Million(configured.CachedInput), listed.CachedInput ?? listed.Input);

        // A provider that charges nothing for writes reports none.
        if (listed.CacheWrite is { } write)
        {
            yield return new(place, "cacheWriteUsdPerMillion", Million(configured.CacheWrite), write);
        }
    }

    private static double Million(double price) => Math.Round(price * 1e6, 9);
}
