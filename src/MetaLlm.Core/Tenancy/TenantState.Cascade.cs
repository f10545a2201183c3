using MetaLlm.Core.Budgets;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>The first answer is weighed before it leaves, and another arm may take over: docs/math/cascades.md.</summary>
public sealed partial class TenantState
{
    private CascadeBook? _cascade;

    // Of the decisions that a policy is rebuilt from, those whose first answer never left.
    private readonly Dictionary<long, WeighedAnswer> _relearnedEscalations = [];

    /// <summary>Says whether the first answer of a call leaves, or another arm takes over. Changes nothing: what was made of the answer comes back with the settlement.</summary>
    /// <param name="decision">The decision; its chosen arm gave the answer.</param>
    /// <param name="signals">What the answer shows.</param>
    /// <param name="spentUsd">What the answer cost, and attempts before it, USD, at least 0.</param>
    /// <param name="unavailable">Arms that are not to be called; null for none.</param>
    /// <param name="at">When.</param>
    /// <param name="heldUsd">USD that calls under way have been promised besides and that no event tells of yet.</param>
    /// <returns>Null where the cascade has no say: the caller names the model or makes the call, the turn must stay with its model, or nothing was predicted of it.</returns>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public WeighedAnswer? Weigh(DecisionRecord decision, in AnswerSignals signals, double spentUsd, IReadOnlyCollection<string>? unavailable, DateTimeOffset at, double heldUsd = 0)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var configuration = Configured();
        CheckMeasure(nameof(spentUsd), spentUsd);
        if (signals.Fault() is { } fault)
        {
            throw new ArgumentException(fault, nameof(signals));
        }

        if (_cascade is not { } cascade || !decision.IsOfPolicy || decision.Pinned || decision.Origin != DecisionOrigin.Call || decision.Conversation is { Choice: ConversationChoice.Held })
        {
            return null;
        }

        var first = decision.Arms.First(arm => arm.ArmId == decision.ChosenArm);
        if (!double.IsFinite(first.Quality))
        {
            return null;
        }

        ArmAssessment[] others = [.. decision.Arms.Where(arm => arm.ArmId != decision.ChosenArm && unavailable?.Contains(arm.ArmId) != true && MayTakeOver(arm, decision.Ordinal, cascade.Settings))];
        others = [.. others.Where(arm => Fits(arm, decision, spentUsd, configuration, at, heldUsd))];
        var firstQuality = Math.Clamp(first.Quality, 0, 1);
        var prices = new CascadePrices(
            decision.Preferences.Quality, decision.Lambda * decision.Preferences.Cost, configuration.LatencyWeight * decision.Preferences.Latency);
        var draw = CounterRandom.Uniform(CounterRandom.Bits(~OwnSeed(configuration), TextHash.Of("cascade")), (ulong)decision.Ordinal);
        var group = CascadeBook.GroupOf(IdNow(decision.ChosenArm, decision.Ordinal), decision.Task);
        var choice = cascade.Consider(group, firstQuality, signals, [.. others.Select(Second)], prices, draw);
        var second = choice.Second == CascadeChoice.Keep ? null : others[choice.Second];
        return new WeighedAnswer
        {
            Signals = signals,
            Topic = decision.Task,
            FirstUsd = decision.ReservedUsd,
            FirstQuality = firstQuality,
            Doubt = choice.Doubt,
            Gain = choice.Gain,
            Propensity = choice.Propensity,
            Second = second?.ArmId,
            SecondQuality = second is null ? 0 : Math.Clamp(second.Quality, 0, 1),
        };
    }

    private static SecondModel Second(ArmAssessment arm) =>
        new(Math.Clamp(arm.Quality, 0, 1), arm.CostUsd, double.IsFinite(arm.LatencySeconds) ? arm.LatencySeconds : 0);

    // Another configuration may be in force than when it was decided.
    private bool MayTakeOver(ArmAssessment arm, long ordinal, CascadeSettings settings) =>
        arm.Exclusion is null && double.IsFinite(arm.CostUsd) && double.IsFinite(arm.Quality) && Place(arm.ArmId, ordinal) is { } place && Configuration!.Arms[place] is { Enabled: true } known
        && settings.Models?.Contains(known.Id) != false;

    // What the first call has cost is paid; besides, caps have to hold back what the second can cost.
    private bool Fits(ArmAssessment arm, DecisionRecord decision, double spentUsd, TenantConfiguration configuration, DateTimeOffset at, double heldUsd)
    {
        var added = spentUsd + Math.Max(arm.CostUsd, arm.BoundUsd) - Math.Max(decision.ReservedUsd, decision.BoundUsd);
        return !(added > 0) || SpendLedger.Round(added) <= Headroom(configuration, at, heldUsd);
    }

    private void SetCascade(TenantConfiguration configuration)
    {
        if (configuration.Cascade is not { } settings)
        {
            _cascade = null;
            return;
        }

        _cascade ??= new CascadeBook(settings);
        _cascade.Settings = settings;
        _cascade.Keep(configuration.Arms);
    }

    private void LearnWeighed(SettledEvent settled)
    {
        if (_cascade is { } cascade && settled.Weighed is { } weighed)
        {
            var chosen = settled.Decision.ChosenArm ?? settled.Decision.ServedArm;
            var firstUsd = Escalated(settled)?.CostUsd ?? settled.CostUsd;
            cascade.Weighed(settled.Decision.Ordinal, CascadeBook.GroupOf(IdNow(chosen, settled.Decision.Ordinal), weighed.Topic), weighed, firstUsd, settled.CostUsd);
        }
    }

    private static FailedAttempt? Escalated(SettledEvent settled) => settled.FailedAttempts.FirstOrDefault(attempt => attempt.Kind == FailureKind.Escalated);

    /// <summary>The first model's call as if it had been the only one: how long its answers are does not depend on whether they leave.</summary>
    private static SettledEvent? FirstCall(SettledEvent settled) => Escalated(settled) is not { } first ? null : settled with
    {
        Decision = settled.Decision with { ServedArm = first.ArmId },
        Outcome = CallOutcome.Completed,
        Usage = first.Usage,
        CostUsd = first.CostUsd ?? 0,
        LatencySeconds = first.Seconds,
        FailedAttempts = [],
        Weighed = null,
    };

    /// <summary>
    /// What a reward teaches the policy. Nobody judged the first answer where another one left, and the second model was asked where the first was in doubt: so the policy learns what is thought
    /// of the first answer, as of any other.
    /// </summary>
    private RewardedEvent Taught(RewardedEvent rewarded) =>
        _cascade?.FindEscalated(rewarded.Decision.Ordinal) is { } first ? Taught(rewarded, first.Believed, first.FirstUsd) : rewarded;

    private static RewardedEvent Taught(RewardedEvent rewarded, double believed, double firstUsd) => rewarded with
    {
        Decision = rewarded.Decision with { ServedArm = rewarded.Decision.ChosenArm ?? rewarded.Decision.ServedArm, SettledUsd = firstUsd },
        Reward = believed,
        PreviousReward = rewarded.PreviousReward is null ? null : believed,
    };

    private void RememberEscalation(SettledEvent settled)
    {
        if (settled.Weighed is { Second: not null } weighed)
        {
            _relearnedEscalations[settled.Decision.Ordinal] = weighed with { FirstUsd = Escalated(settled)?.CostUsd ?? weighed.FirstUsd };
        }
    }

    private RewardedEvent OfFirst(RewardedEvent rewarded) =>
        _relearnedEscalations.TryGetValue(rewarded.Decision.Ordinal, out var weighed) ? Taught(rewarded, 1 - weighed.Doubt, weighed.FirstUsd) : rewarded;

    // A reward that was predicted says nothing of an answer. One that counts little is learned from as seldom.
    private void LearnCascade(RewardedEvent rewarded, TenantConfiguration configuration)
    {
        if (_cascade is { } cascade && !rewarded.Withdrawn && !(rewarded.Defaulted && configuration.MissingReward is { Mode: MissingRewardMode.Impute })
            && CounterRandom.Uniform(CounterRandom.Bits(~OwnSeed(configuration), TextHash.Of("cascade rewards")), (ulong)rewarded.Decision.Ordinal) < rewarded.Weight)
        {
            cascade.Rewarded(rewarded.Decision.Ordinal, rewarded.Reward);
        }
    }

    private void ReadCascade(ref StateReader reader)
    {
        _cascade = CascadeBook.Read(ref reader);
        Configuration = Configuration! with { Cascade = _cascade.Settings };
    }
}
