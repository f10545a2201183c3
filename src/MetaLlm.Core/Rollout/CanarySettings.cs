namespace MetaLlm.Core.Rollout;

/// <summary>A new arm that gets a fixed share of the decisions, whatever the policy thinks of it, until it proves worse than the others.</summary>
public sealed record CanarySettings
{
    /// <summary>Largest share.</summary>
    public const double LargestShare = 0.5;

    /// <summary>The arm. The policy itself does not choose it meanwhile.</summary>
    public required string Arm { get; init; }

    /// <summary>Share of the decisions that it gets, 0 to 0.5. With a larger share it keeps what it had, and gets more.</summary>
    public double Share { get; init; } = 0.05;

    /// <summary>Probability that an arm which is no worse is ever stopped, above 0 to 0.5.</summary>
    public double FalseStops { get; init; } = 0.05;

    /// <summary>How much lower its mean reward, and how much higher its share of failed calls, may be without a stop, 0 to 1.</summary>
    public double Tolerance { get; init; }
}
