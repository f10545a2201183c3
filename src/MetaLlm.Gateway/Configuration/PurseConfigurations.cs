using System.Runtime.CompilerServices;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Configurations of a tenant that stands beside another and calls its models out of a purse. Each is made once for each configuration of the other, whose prices may have dates.</summary>
internal sealed class PurseConfigurations
{
    private readonly ConditionalWeakTable<TenantConfiguration, TenantConfiguration> _made = [];

    /// <summary>The configuration beside another.</summary>
    /// <param name="tenant">The other, with the prices in force.</param>
    /// <param name="usd">What the purse holds within a window, USD.</param>
    /// <param name="window">Length of that window.</param>
    /// <param name="isCalled">Which models are called.</param>
    public TenantConfiguration Of(TenantConfiguration tenant, double? usd, TimeSpan window, Func<Arm, bool> isCalled) =>
        _made.TryGetValue(tenant, out var made) ? made : _made.GetValue(tenant, other => Make(other, usd, window, isCalled));

    /// <summary>As <see cref="Of"/>, made anew.</summary>
    public static TenantConfiguration Make(TenantConfiguration tenant, double? usd, TimeSpan window, Func<Arm, bool> isCalled) => new()
    {
        Arms = [.. tenant.Arms.Where(isCalled).Select(arm => arm with { Enabled = true, RenamedFrom = null, PromptCache = null })],
        Policy = "random",
        Seed = tenant.Seed,
        HardCapUsd = usd,
        HardCapWindow = window,
        Parts = tenant.Parts,
    };
}
