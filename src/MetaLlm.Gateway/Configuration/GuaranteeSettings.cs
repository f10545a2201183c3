using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A promise of how often answers may differ from those of a reference model. Cheaper models serve as far as that is proven; until then the reference does. Not for a tenant with shards, a canary, a quality floor or a floor of exploration.</summary>
public sealed class GuaranteeSettings
{
    private readonly PurseConfigurations _configurations = new();

    /// <summary>The model whose answers are the measure, one of <c>arms</c> or their variants. Without it nothing is promised.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? Reference { get; init; }

    /// <summary>Largest rate of answers that differ from the reference's. Another rate begins anew.</summary>
    [Range(0.0, 0.99, MinimumIsExclusive = true)]
    public double Difference { get; init; } = 0.05;

    /// <summary>Probability with which that holds after every request at once. Another one begins anew.</summary>
    [Range(0.5, 0.9999)]
    public double Confidence { get; init; } = 0.95;

    /// <summary>Share of the requests served by another model in which the reference is asked beside. Another share begins anew.</summary>
    [Range(0.0, Core.Guarantees.GuaranteeSettings.LargestAuditShare, MinimumIsExclusive = true)]
    public double Audit { get; init; } = 0.05;

    /// <summary>Most that models asked beside the reference may cost, as a share of what the reference alone would have cost.</summary>
    [Range(0.0, 1.0)]
    public double Purse { get; init; } = 0.1;

    /// <summary>What all questions beside may cost at most within 24 hours, USD, those to the model that compares included; it is needed. Nothing of it counts for the budgets of the tenant.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? AuditUsd { get; init; }

    /// <summary>What makes two answers the same.</summary>
    public EqualitySettings Equality { get; init; } = new();

    /// <summary>Whether anything is promised.</summary>
    internal bool IsOn => Reference is not null;

    internal Core.Guarantees.GuaranteeSettings? ToSettings() => Reference is null ? null : new()
    {
        Reference = Reference, Difference = Difference, Confidence = Confidence, AuditShare = Audit, Purse = Purse, Equality = Equality.Name,
    };

    /// <summary>What the tenant is made from for which models are asked beside.</summary>
    /// <param name="tenant">The tenant's configuration, with the prices in force.</param>
    internal TenantConfiguration ToConfiguration(TenantConfiguration tenant) => _configurations.Of(tenant, AuditUsd, TimeSpan.FromHours(24), static _ => true);

    /// <param name="tenant">The tenant's configuration.</param>
    /// <param name="errors">Its place.</param>
    internal void Check(TenantConfiguration tenant, SettingsErrors errors)
    {
        if (!IsOn)
        {
            return;
        }

        if (AuditUsd is null)
        {
            errors.Add("auditUsd", "is missing; questions beside need a purse of their own, USD.");
        }

        Equality.Check([.. tenant.Arms.Select(arm => arm.Id)], errors.At("equality"));
    }
}
