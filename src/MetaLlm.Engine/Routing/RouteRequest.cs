using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Routing;

/// <summary>What a routing decision is made from.</summary>
public sealed record RouteRequest
{
    /// <summary>The text that says what is wanted: that of the last user message. Embedded and measured, never logged.</summary>
    public required string Query { get; init; }

    /// <summary>Prompt tokens of the whole conversation, estimated; at least 1.</summary>
    public required double InputTokens { get; init; }

    /// <summary>The caller's task tag, or null.</summary>
    public string? Task { get; init; }

    /// <summary>The caller's weights.</summary>
    public RequestDial Dial { get; init; } = RequestDial.Neutral;

    /// <summary>An arm that the caller named, or null to route.</summary>
    public string? PinnedArm { get; init; }

    /// <summary>The only arms that the caller admits; null admits all.</summary>
    public IReadOnlyCollection<string>? AllowedArms { get; init; }

    /// <summary>What the model must be able to do; null for nothing special.</summary>
    public IReadOnlyCollection<string>? RequiredCapabilities { get; init; }

    /// <summary>Most that this request may cost, USD, by prediction; null for no cap.</summary>
    public double? MaxCostUsd { get; init; }
}
