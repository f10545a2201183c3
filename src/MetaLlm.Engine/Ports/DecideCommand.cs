using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Ports;

/// <summary>A request for a decision: a <see cref="DecideInput"/> without the time, which the engine adds.</summary>
public sealed record DecideCommand
{
    /// <summary>The query.</summary>
    public required QueryFeatures Features { get; init; }

    /// <summary>The caller's weights.</summary>
    public RequestDial Dial { get; init; } = RequestDial.Neutral;

    /// <summary>An arm that the caller named, or null to route.</summary>
    public string? PinnedArm { get; init; }

    /// <summary>The only arms that the caller admits; null admits all.</summary>
    public IReadOnlyCollection<string>? AllowedArms { get; init; }

    /// <summary>Arms not to be tried now because they fail; null for none.</summary>
    public IReadOnlyCollection<string>? UnhealthyArms { get; init; }

    /// <summary>What the model must be able to do; null for nothing special.</summary>
    public IReadOnlyCollection<string>? RequiredCapabilities { get; init; }

    /// <summary>Most that this request may cost, USD, by prediction; null for no cap.</summary>
    public double? MaxCostUsd { get; init; }

    /// <summary>Who makes the call. <value><see cref="DecisionOrigin.Route"/> unless set.</value></summary>
    public DecisionOrigin Origin { get; init; }
}
