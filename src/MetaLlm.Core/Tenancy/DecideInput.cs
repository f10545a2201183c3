using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>All that a decision depends on besides the tenant's state.</summary>
public sealed record DecideInput
{
    /// <summary>The query.</summary>
    public required QueryFeatures Features { get; init; }

    /// <summary>When the decision is made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's weights.</summary>
    public RequestDial Dial { get; init; } = RequestDial.Neutral;

    /// <summary>An arm that the caller named; no other is considered. Null to route.</summary>
    public string? PinnedArm { get; init; }

    /// <summary>The only arms that the caller admits; null admits all.</summary>
    public IReadOnlyCollection<string>? AllowedArms { get; init; }

    /// <summary>Arms that are not to be tried now because they fail; null for none.</summary>
    public IReadOnlyCollection<string>? UnhealthyArms { get; init; }

    /// <summary>What the model must be able to do (see <see cref="Arms.Arm.Capabilities"/>); null for nothing special.</summary>
    public IReadOnlyCollection<string>? RequiredCapabilities { get; init; }

    /// <summary>Most that this request may cost, USD, by prediction; null for no cap.</summary>
    public double? MaxCostUsd { get; init; }

    /// <summary>Who makes the call; kept with the decision, which does not depend on it.</summary>
    public DecisionOrigin Origin { get; init; }
}
