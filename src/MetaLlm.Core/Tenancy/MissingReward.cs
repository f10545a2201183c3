namespace MetaLlm.Core.Tenancy;

/// <summary>
/// What a decision is taken to have earned whose call was completed and for which no feedback came in time. Feedback that comes later corrects it.
/// </summary>
public sealed record MissingReward
{
    /// <summary>Shortest wait: a call has to end, and its client to have had time to judge it.</summary>
    public static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(90);

    /// <summary>How much a predicted reward counts unless the configuration says otherwise: it is a guess.</summary>
    public const double ImputedWeight = 0.1;

    /// <summary>Where the reward comes from.</summary>
    public MissingRewardMode Mode { get; init; }

    /// <summary>The reward of mode <see cref="MissingRewardMode.Value"/>, 0 to 1; 0 in every other mode.</summary>
    public double Value { get; init; }

    /// <summary>How long after the decision feedback may come.</summary>
    /// <value>1 day unless set; 1 minute to 90 days.</value>
    public TimeSpan After { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How much it counts, above 0 and at most 1.</summary>
    public double Weight { get; init; } = 1;
}
