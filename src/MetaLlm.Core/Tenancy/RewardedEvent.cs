namespace MetaLlm.Core.Tenancy;

/// <summary>A client's feedback on a decision, or the default for feedback that never came. Duplicates never become events.</summary>
[GenerateSerializer, Immutable, Alias("metallm.rewarded")]
public sealed record RewardedEvent : TenantEvent
{
    /// <summary>The decision.</summary>
    [Id(0)]
    public required DecisionFacts Decision { get; init; }

    /// <summary>The reward, 0 to 1.</summary>
    [Id(1)]
    public required double Reward { get; init; }

    /// <summary>The reward that this one replaces; null for the decision's first.</summary>
    [Id(2)]
    public required double? PreviousReward { get; init; }

    /// <summary>Whether it is the default of <see cref="TenantConfiguration.MissingReward"/>, configured or predicted.</summary>
    [Id(3)]
    public bool Defaulted { get; init; }

    /// <summary>How much it counts: above 0, at most 1.</summary>
    [Id(4)]
    public double Weight { get; init; } = 1;

    /// <summary>How much the reward counted that this one replaces; 1 without one.</summary>
    [Id(5)]
    public double PreviousWeight { get; init; } = 1;

    /// <summary>
    /// Whether the client takes the reward in force back, so that the decision has none. <see cref="Reward"/> and <see cref="Weight"/> are then those taken back, so that a reader that does
    /// not know of it sees no change.
    /// </summary>
    [Id(6)]
    public bool Withdrawn { get; init; }

    /// <summary>Whether it is made of judges' verdicts, and nobody's word. A reader that does not know of it takes it for feedback.</summary>
    [Id(7)]
    public bool IsVerdict { get; init; }

    /// <summary>
    /// The verdicts that it is made of, or for a person's first word on an answer those that it replaces, as <see cref="Judging.JudgeVerdict.Encode"/> writes them; null for none.
    /// </summary>
    [Id(8)]
    public string? Verdicts { get; init; }

    /// <summary>Whether it is a client's first word on the answer: no default, no verdict, no correction and nothing taken back.</summary>
    public bool IsFirstWord => !Withdrawn && !Defaulted && !IsVerdict && (PreviousReward is null || Verdicts is not null);
}
