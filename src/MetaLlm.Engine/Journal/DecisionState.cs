using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>A decision as a transaction sees it: what is known of it, and what became of it so far.</summary>
/// <param name="facts">What is in force.</param>
/// <param name="settledSequence">Sequence of its settlement; null while its call runs.</param>
/// <param name="reward">The reward in force; null without one.</param>
/// <param name="rewardWeight">How much that reward counts; null for 1.</param>
/// <param name="feedbackCount">How often it was rewarded by feedback.</param>
/// <param name="outcome">How its call ended; null while it runs.</param>
/// <param name="tokens">Tokens of prompt and answer that its settlement names; 0 while it runs.</param>
/// <param name="verdicts">What judges said of its answer (<see cref="RewardedEvent.Verdicts"/>); null for nothing.</param>
public sealed class DecisionState(
    DecisionFacts facts,
    long? settledSequence = null,
    double? reward = null,
    double? rewardWeight = null,
    int feedbackCount = 0,
    CallOutcome? outcome = null,
    double tokens = 0,
    string? verdicts = null)
{
    private Dictionary<string, RecordedFeedback>? _feedback;

    /// <summary>What is in force, as the next event about it will carry it.</summary>
    public DecisionFacts Facts { get; private set; } = facts;

    /// <summary>Sequence of its settlement; null while its call runs.</summary>
    public long? SettledSequence { get; private set; } = settledSequence;

    /// <summary>
    /// Whether its call gave nobody anything: no arm answered, or the client left before anything was sent. A call that expired may have run.
    /// </summary>
    public bool NeverRan { get; private set; } = GaveNothing(outcome, tokens);

    /// <summary>The reward in force; null without one.</summary>
    public double? Reward { get; private set; } = reward;

    /// <summary>How much that reward counts; null for 1.</summary>
    public double? RewardWeight { get; private set; } = rewardWeight;

    /// <summary>What judges said of its answer (<see cref="RewardedEvent.Verdicts"/>); null for nothing. It stays when a person speaks.</summary>
    public string? Verdicts { get; private set; } = verdicts;

    /// <summary>How often it was rewarded by feedback; a default for feedback that never came does not count, nor a verdict.</summary>
    public int FeedbackCount { get; private set; } = feedbackCount;

    /// <summary>The feedback that gave the reward in force: the one of the highest sequence. Null when there is none, or when it was not loaded.</summary>
    public RecordedFeedback? InForce { get; set; }

    /// <summary>Whether a write has changed it, so that it must be written back.</summary>
    public bool Changed { get; private set; }

    /// <summary>Feedback of a key that was loaded or appended; null when there was none.</summary>
    /// <param name="idempotencyKey">The key.</param>
    public RecordedFeedback? FindFeedback(string idempotencyKey) => _feedback?.GetValueOrDefault(idempotencyKey);

    /// <summary>Adds feedback that the store has.</summary>
    /// <param name="idempotencyKey">Its key.</param>
    /// <param name="feedback">The feedback.</param>
    public void AddFeedback(string idempotencyKey, RecordedFeedback feedback) => (_feedback ??= new(StringComparer.Ordinal))[idempotencyKey] = feedback;

    /// <summary>Whether feedback says the same as what is in force.</summary>
    internal bool Holds(FeedbackSubmission submission) => InForce is { } inForce && inForce.Is(submission);

    internal void Rerouted(ReroutedEvent rerouted)
    {
        Facts = Facts with { ServedArm = rerouted.ToArm, ReservedUsd = rerouted.ReservedUsd, BoundUsd = rerouted.BoundUsd };
        Changed = true;
    }

    internal void Settled(SettledEvent settled)
    {
        Facts = Facts with { SettledUsd = settled.CostUsd };
        SettledSequence = settled.Sequence;
        NeverRan = GaveNothing(settled.Outcome, settled.Usage.Input + settled.Usage.Output);
        Changed = true;
    }

    internal void Rewarded(RewardedEvent rewarded)
    {
        Reward = rewarded.Withdrawn ? null : rewarded.Reward;
        RewardWeight = rewarded.Withdrawn ? null : rewarded.Weight;
        Verdicts = rewarded.IsVerdict ? rewarded.Verdicts : Verdicts;
        Changed = true;
    }

    internal void Remember(string idempotencyKey, RecordedFeedback feedback)
    {
        AddFeedback(idempotencyKey, feedback);
        InForce = feedback;
        FeedbackCount++;
    }

    private static bool GaveNothing(CallOutcome? outcome, double tokens) => outcome == CallOutcome.Failed || (outcome == CallOutcome.Aborted && tokens == 0);
}
