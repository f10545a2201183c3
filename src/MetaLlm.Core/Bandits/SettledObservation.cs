using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Bandits;

/// <summary>The true usage of a completed call.</summary>
public readonly ref struct SettledObservation
{
    /// <summary>Index of the arm that served the call.</summary>
    public required int Arm { get; init; }

    /// <summary>The context vector of the decision.</summary>
    public required ReadOnlySpan<float> Context { get; init; }

    /// <summary>Tokens as the provider counted them.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Prompt tokens as they had been estimated for the decision, at least 1; 0 when unknown.</summary>
    public double InputTokens { get; init; }

    /// <summary>Ordinal of the decision, from 1; 0 when unknown.</summary>
    public long Ordinal { get; init; }

    /// <summary>When the call was settled; the default where time is to play no part.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Prompt tokens that were expected out of the arm's cache, as estimated; NaN where nothing was.</summary>
    internal double ExpectedCached { get; init; }

    /// <summary>What the call cost, USD.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Seconds to the full answer; NaN when not measured.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Mean spend per request to keep, USD; infinite without a budget. For rules that have a pacer of their own.</summary>
    public required double TargetUsdPerRequest { get; init; }

    /// <summary>Whether the answer was complete; usage of a cut answer says nothing about the model's verbosity.</summary>
    public required bool Complete { get; init; }
}
