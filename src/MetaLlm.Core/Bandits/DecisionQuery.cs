namespace MetaLlm.Core.Bandits;

/// <summary>One query, as a policy sees it.</summary>
public readonly ref struct DecisionQuery
{
    /// <summary>The context vector x; the policy's dimension.</summary>
    public required ReadOnlySpan<float> Context { get; init; }

    /// <summary>Per arm: may it be chosen? At least one entry is true.</summary>
    public required ReadOnlySpan<bool> Feasible { get; init; }

    /// <summary>Prompt tokens of this query, estimated; at least 1.</summary>
    public required double InputTokens { get; init; }

    /// <summary>Shadow price: quality per USD, at least 0. Already multiplied by the caller's cost preference.</summary>
    public required double Lambda { get; init; }

    /// <summary>The caller's cost preference alone, at least 0, 1 unless turned: for rules that have a shadow price of their own.</summary>
    public required double CostPreference { get; init; }

    /// <summary>Price of time: quality per second, at least 0. Already multiplied by the caller's latency preference.</summary>
    public required double LatencyWeight { get; init; }

    /// <summary>Weight of quality in the score; above 0, 1 unless the caller turned the preference weights.</summary>
    public required double QualityWeight { get; init; }

    /// <summary>USD that this decision may spend beyond the greedy arm's cost in order to learn; infinite without a budget.</summary>
    public required double ExplorationAllowanceUsd { get; init; }

    /// <summary>Mean spend per request to keep, USD; infinite without a budget. Static policies choose their mix by it.</summary>
    public required double TargetUsdPerRequest { get; init; }

    /// <summary>When the decision is made; the default where time is to play no part.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Ordinal of the decision within the tenant, from 1.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Per arm, what its cache does for the prompt; empty where every prompt is taken for the arm's usual one.</summary>
    internal ReadOnlySpan<PromptReuse> Reuse { get; init; }

    /// <summary>Key of this decision's own stream of random numbers, for policies that sample parameters.</summary>
    public required ulong RandomKey { get; init; }
}
