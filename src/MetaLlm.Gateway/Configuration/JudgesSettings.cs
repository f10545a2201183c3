using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Judges of a share of the answers. Their verdicts are rewards where people say nothing; a person's word replaces them. Not for a tenant with shards.</summary>
public sealed class JudgesSettings
{
    private const int Most = Core.Judging.JudgeVerdict.Most;

    private readonly PurseConfigurations _configurations = new();

    /// <summary>Share of the answers that are judged. They are taken where a verdict tells most: where a model's quality is uncertain and that may change which is best.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Share { get; init; } = 0.1;

    /// <summary>What judges of kind <c>model</c> may cost at most within 24 hours, USD; they need it. Nothing of it counts for the budgets of the tenant.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? UsdPerDay { get; init; }

    /// <summary>The judges; at most eight. Each sees every answer that is taken.</summary>
    public IReadOnlyList<JudgeSettings> List { get; init; } = [];

    /// <summary>Whether there are any.</summary>
    internal bool IsOn => List.Count > 0;

    /// <summary>The models that are called for judges.</summary>
    private HashSet<string> Called => [.. List.SelectMany(judge => new[] { judge.Model, judge.Against }).OfType<string>()];

    /// <summary>What the tenant is made from for which models are called that judge.</summary>
    /// <param name="tenant">The tenant's configuration, with the prices in force.</param>
    internal TenantConfiguration ToConfiguration(TenantConfiguration tenant) => _configurations.Of(tenant, UsdPerDay, TimeSpan.FromHours(24), IsCalled);

    private bool IsCalled(Core.Arms.Arm arm) => Called.Contains(arm.Id);

    /// <param name="tenant">The tenant's configuration.</param>
    /// <param name="guardrails">The guardrails of the configuration, by name.</param>
    /// <param name="errors">Its place.</param>
    internal void Check(TenantConfiguration tenant, IReadOnlyDictionary<string, GuardrailSettings> guardrails, SettingsErrors errors)
    {
        if (!IsOn)
        {
            return;
        }

        if (List.Count > Most)
        {
            errors.Add("list", $"has {List.Count} entries; {Most} are the most.");
        }

        if (tenant.Shards is > 1 and var shards)
        {
            errors.Add("list", FormattableString.Invariant($"has judges while shards is {shards}; each owner would measure them by its own part of the feedback."));
        }

        string[] models = [.. tenant.Arms.Select(arm => arm.Id)];
        for (var i = 0; i < List.Count; i++)
        {
            var place = errors.At("list").At(i);
            List[i].Check(models, guardrails, place);
            if (List.Take(i).Any(other => other.Id == List[i].Id))
            {
                place.Add("id", $"is '{List[i].Id}', which another judge has already; ids must be unique.");
            }
        }

        if (Called.Count > 0 && UsdPerDay is null)
        {
            errors.Add("usdPerDay", "is missing; judges of kind 'model' need a purse of their own, USD.");
        }
    }
}
