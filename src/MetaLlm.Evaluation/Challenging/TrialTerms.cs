using MetaLlm.Evaluation.Targets;

namespace MetaLlm.Evaluation.Challenging;

/// <summary>What a champion and a challenger are compared by.</summary>
internal sealed record TrialTerms
{
    /// <summary>Makes the policy that the tenant has; it has not seen any of the log.</summary>
    public required Func<ITargetPolicy> Champion { get; init; }

    /// <summary>Makes the policy that would take its place.</summary>
    public required Func<ITargetPolicy> Challenger { get; init; }

    /// <summary>Probability that a bound of the difference is ever wrong, above 0 and below 1.</summary>
    public required double Alpha { get; init; }

    /// <summary>How long feedback is waited for; what comes later does not count.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>The first decision that counts; earlier ones teach, and nothing else. Null for the first of the log.</summary>
    public DateTimeOffset? Since { get; init; }
}
