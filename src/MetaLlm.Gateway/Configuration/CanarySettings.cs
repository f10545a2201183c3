using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A new model that gets a fixed share of the requests, whatever the policy thinks of it, until it proves worse than the others.</summary>
public sealed class CanarySettings
{
    /// <summary>The model, one of <c>arms</c> or of their variants. Without it there is no canary.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public string? Model { get; init; }

    /// <summary>Share of the requests that it gets. A larger share keeps the users and conversations that it had.</summary>
    [Range(0.0, Core.Rollout.CanarySettings.LargestShare)]
    public double Share { get; init; } = 0.05;

    /// <summary>Probability that a model which is no worse is ever stopped.</summary>
    [Range(0.0, 0.5, MinimumIsExclusive = true)]
    public double FalseStops { get; init; } = 0.05;

    /// <summary>How much lower its mean reward, and how much higher its share of failed calls, may be without a stop.</summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; }

    internal Core.Rollout.CanarySettings? ToSettings() =>
        Model is null ? null : new Core.Rollout.CanarySettings { Arm = Model, Share = Share, FalseStops = FalseStops, Tolerance = Tolerance };
}
