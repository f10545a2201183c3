using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Models that are sent a share of the requests beside those that answer. Nobody sees their answers; what they cost, how long they take and how often they fail is reported.</summary>
public sealed class ShadowSettings
{
    /// <summary>The models, of <c>arms</c> or their variants; also such that are not enabled. Without any there is no shadow.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Share of the calls that it sees.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.1;

    /// <summary>The policy that chooses among the models. It learns what calls cost, and never a reward.</summary>
    public string Policy { get; init; } = "random";

    /// <summary>What its calls may cost at most within a window, USD; it is needed. Nothing of it counts for the budgets of the tenant.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? Usd { get; init; }

    /// <summary>Length of that window, hours.</summary>
    [Range(1.0 / 60, 24.0 * 366), DefaultValue(24)]
    public double? WindowHours { get; init; }

    /// <param name="tenant">The tenant's configuration.</param>
    /// <param name="errors">The place of the shadow.</param>
    /// <returns>That of its shadow; null without one.</returns>
    internal TenantConfiguration? ToConfiguration(TenantConfiguration tenant, SettingsErrors errors)
    {
        if (Models.Count == 0)
        {
            return null;
        }

        for (var i = 0; i < Models.Count; i++)
        {
            if (tenant.Arms.All(arm => arm.Id != Models[i]))
            {
                errors.At("models").Add(null, $"has '{Models[i]}', which is no model of the tenant.");
            }
        }

        if (Usd is null)
        {
            errors.Add("usd", "is missing; a shadow needs a cap of its own, USD.");
        }

        var configuration = PurseConfigurations.Make(tenant, Usd, TimeSpan.FromHours(WindowHours ?? 24), arm => Models.Contains(arm.Id)) with
        {
            Policy = Policy,
            PriceWeight = tenant.PriceWeight,
            LatencyWeight = tenant.LatencyWeight,
        };
        foreach (var error in TenantConfigurationValidator.Validate(configuration).Where(error => error.Field == "Policy"))
        {
            errors.Add("policy", error.Message);
        }

        return configuration;
    }
}
