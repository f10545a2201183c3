using MetaLlm.Core.Tenancy;
using MetaLlm.Evaluation.Estimation;
using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;

namespace MetaLlm.Evaluation.Challenging;

/// <summary>
/// Walks a tenant's log once, in its order and as far as it has come, and compares two policies on it. Each learns from the log's past and is asked about each decision before that decision's
/// reward is seen. What it says depends on the log alone, so that a process that starts anew says the same.
/// </summary>
/// <param name="terms">By what they are compared.</param>
/// <param name="current">The tenant's configuration now: it stands for that of decisions whose own configuration is not in the journal any more.</param>
internal sealed class ChallengerTrial(TrialTerms terms, TenantConfiguration current)
{
    /// <summary>Most decisions that wait for feedback at once; the oldest goes without where there would be more.</summary>
    public const int MostWaiting = 20_000;

    private readonly ITargetPolicy _champion = terms.Champion();
    private readonly ITargetPolicy _challenger = terms.Challenger();
    private readonly RewardModel _model = new();
    private readonly Queue<Waiting> _waiting = new();
    private readonly Dictionary<long, Waiting> _open = [];
    private readonly TrialSums _sums = new(terms.Alpha);
    private TenantConfiguration? _configuration;
    private DateTimeOffset _clock = DateTimeOffset.MinValue;

    /// <summary>The last decision that was taken in; 0 before the first.</summary>
    public long Ordinal { get; private set; }

    /// <summary>The last event that was taken in; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>Takes in the next event.</summary>
    /// <param name="happened">The event; it comes after all decisions that were made without it.</param>
    public void Apply(TenantEvent happened)
    {
        Sequence = happened.Sequence;
        Pass(happened.At);
        _configuration = (happened as ConfiguredEvent)?.Configuration ?? _configuration;
        _champion.Apply(happened);
        _challenger.Apply(happened);
        if (happened is not RewardedEvent rewarded)
        {
            return;
        }

        OffPolicyEvaluator.Learn(_model, rewarded);
        if (rewarded.IsFirstWord && rewarded.At - rewarded.Decision.At <= terms.Wait && _open.TryGetValue(rewarded.Decision.Ordinal, out var open))
        {
            open.Feedback ??= new FirstFeedback(rewarded.Reward, rewarded.Decision.Rerouted);
        }
    }

    /// <summary>Takes in the next decision, after all events that it was made with.</summary>
    /// <param name="decision">The decision.</param>
    public void Take(DecisionRecord decision)
    {
        Ordinal = decision.Ordinal;
        Pass(decision.At);
        if (!decision.IsOfPolicy)
        {
            return;
        }

        var choice = Ask(decision);
        if (decision.At < terms.Since)
        {
            return;
        }

        _sums.Decisions++;
        var waiting = new Waiting(decision.Ordinal, decision.At, decision is { Pinned: true } or { Conversation.IsFree: false } ? null : choice);
        _waiting.Enqueue(waiting);
        _open.Add(decision.Ordinal, waiting);
        Settle();
    }

    /// <summary>Everything that the journal has was taken in.</summary>
    /// <param name="now">The time.</param>
    public void CatchUp(DateTimeOffset now)
    {
        Pass(now);
        Settle();
    }

    /// <summary>What the log says.</summary>
    /// <param name="behind">Decisions of the journal that were not taken in yet, at least 0.</param>
    public TrialFigures Figures(long behind) => _sums.Figures(_waiting.Count, behind);

    private void Pass(DateTimeOffset at) => _clock = at > _clock ? at : _clock;

    private PairedChoice? Ask(DecisionRecord decision)
    {
        if (_configuration is null)
        {
            // Retention has dropped the beginning.
            var begins = new ConfiguredEvent { Sequence = 0, At = decision.At, Configuration = current };
            _configuration = current;
            _champion.Apply(begins);
            _challenger.Apply(begins);
        }

        if (!decision.Arms.Select(arm => arm.ArmId).SequenceEqual(_configuration.Arms.Select(arm => arm.Id), StringComparer.Ordinal))
        {
            return null;
        }

        var logged = new LoggedDecision(decision, _configuration);
        var (champion, challenger) = (_champion.Propensities(logged), _challenger.Propensities(logged));
        if (champion is null || challenger is null)
        {
            return null;
        }

        var (perUsd, perSecond) = (decision.Lambda * decision.Preferences.Cost, _configuration.LatencyWeight * decision.Preferences.Latency);
        return new PairedChoice(
            decision.Arms.Select((arm, i) => (arm.ArmId, i)).First(arm => arm.ArmId == decision.ChosenArm).i,
            [.. decision.Arms.Select(arm => arm.Propensity)],
            champion,
            challenger,
            [.. decision.Arms.Select(arm => _model.Predict(decision.FeatureSchema, arm.ArmId, decision.Context))],
            [.. decision.Arms.Select(arm => Known(arm.CostUsd))],
            [.. decision.Arms.Select(arm => (perUsd * Known(arm.CostUsd)) + (perSecond * Known(arm.LatencySeconds)))]);
    }

    private static double Known(double prediction) => double.IsFinite(prediction) ? prediction : 0;

    // In the order of the decisions, whatever the order of the feedback: so no reward has a say in which decisions stand before it.
    private void Settle()
    {
        while (_waiting.TryPeek(out var first))
        {
            if (first.Choice is null)
            {
                _sums.LeftOut++;
            }
            else if (first.Feedback is { } feedback)
            {
                _sums.Take(first.Choice, feedback);
            }
            else if (_clock - first.At > terms.Wait || _waiting.Count > MostWaiting)
            {
                _sums.Unrewarded++;
            }
            else
            {
                break;
            }

            _open.Remove(first.Ordinal);
            _waiting.Dequeue();
        }
    }

    private sealed class Waiting(long ordinal, DateTimeOffset at, PairedChoice? choice)
    {
        public long Ordinal { get; } = ordinal;

        public DateTimeOffset At { get; } = at;

        /// <summary>Null for a decision that does not count.</summary>
        public PairedChoice? Choice { get; } = choice;

        public FirstFeedback? Feedback { get; set; }
    }
}
