using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Imputation;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    /// <summary>Takes in a decision: reserves its money and counts it. Rewards and costs come with events.</summary>
    /// <param name="decision">The decision that follows the last one applied.</param>
    /// <exception cref="InvalidOperationException">It belongs to another tenant, or does not follow; nothing was changed.</exception>
    /// <exception cref="ArgumentException">What it sets aside is out of range; nothing was changed.</exception>
    public void Apply(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var configuration = Configured();
        if (decision.Tenant != Tenant)
        {
            throw new InvalidOperationException($"Decision '{decision.DecisionId}' belongs to tenant '{decision.Tenant}', not to '{Tenant}'.");
        }

        if (decision.Ordinal != DecisionOrdinal + 1)
        {
            throw new InvalidOperationException(
                $"Tenant '{Tenant}': decision {decision.Ordinal} cannot be applied after decision {DecisionOrdinal}; {DecisionOrdinal + 1} is next.");
        }

        if (decision.AppliedSequence != AppliedSequence)
        {
            throw new InvalidOperationException(
                $"Tenant '{Tenant}': decision {decision.Ordinal} was made after event {decision.AppliedSequence}, but event {AppliedSequence} is the last applied.");
        }

        var boundUsd = decision.BoundUsd;
        CheckMeasure(nameof(decision.ReservedUsd), decision.ReservedUsd);
        CheckMeasure(nameof(decision.BoundUsd), boundUsd);
        DecisionOrdinal = decision.Ordinal;
        Advance(decision.At);
        if (!decision.IsOfPolicy)
        {
            _ledger.Reserve(decision.ReservedUsd, boundUsd);
            return;
        }

        var windowTarget = WindowTarget(configuration, decision.At);
        if (decision.Task is { } task)
        {
            _features.Tasks.Add(task);
        }

        Pace(decision, windowTarget);
        _ledger.Reserve(decision.ReservedUsd, boundUsd);
        _purse.Record(Target(windowTarget), decision.ChosenArm == configuration.Canary?.Arm ? 0 : Extra(decision));
        _windows.Count(decision.At);
        _imputation?.Decided(decision);
        if (configuration.MaxWeightPerUser is not null)
        {
            _users.Count(decision.User, decision.At);
        }

        FollowConversation(decision, configuration);
        if (decision.Guarantee is { } under)
        {
            _guarantee?.Served(decision, under);
        }

        if (_armIndex.TryGetValue(decision.ChosenArm, out var arm))
        {
            _policy!.OnChosen(new ChosenObservation(arm, ClockOf(decision.Ordinal), decision.Pinned));
        }
    }

    /// <summary>Takes in an event.</summary>
    /// <param name="tenantEvent">The event that follows the last one applied.</param>
    /// <exception cref="InvalidOperationException">It does not follow, or the tenant is not configured; nothing was changed.</exception>
    /// <exception cref="ArgumentException">A number is out of range, or a policy is unknown; nothing was changed. A configuration is checked before it is recorded, and never again: what an earlier release took stays readable.</exception>
    public void Apply(TenantEvent tenantEvent)
    {
        ArgumentNullException.ThrowIfNull(tenantEvent);
        if (tenantEvent.Sequence != AppliedSequence + 1)
        {
            throw new InvalidOperationException(
                $"Tenant '{Tenant}': event {tenantEvent.Sequence} cannot be applied after event {AppliedSequence}; {AppliedSequence + 1} is next.");
        }

        switch (tenantEvent)
        {
            case ConfiguredEvent { Relearns: true }:
                throw new InvalidOperationException($"Tenant '{Tenant}': event {tenantEvent.Sequence} rebuilds the policy, which takes the journal before it.");
            case ConfiguredEvent configured:
                Configure(configured);
                break;
            case ReroutedEvent rerouted:
                Reroute(rerouted);
                break;
            case SettledEvent settled:
                Settle(settled);
                break;
            case RewardedEvent rewarded:
                Reward(rewarded);
                break;
            case WarmStartedEvent started:
                WarmStart(started);
                break;
            case QuizzedEvent quizzed:
                Quiz(quizzed);
                break;
            case EvidencedEvent evidenced:
                Learn(evidenced);
                break;
            case BudgetResetEvent reset:
                ResetBudget(reset);
                break;
            case ComparedEvent compared:
                _guarantee?.Compared(compared);
                break;
            case TookInEvent tookIn:
                TookIn(tookIn);
                break;
            default:
                throw new ArgumentException($"Events of type {tenantEvent.GetType().Name} are unknown here.", nameof(tenantEvent));
        }

        AppliedSequence = tenantEvent.Sequence;
        Advance(tenantEvent.At);
    }

    private void Configure(ConfiguredEvent configured)
    {
        var next = configured.Configuration;
        if (PolicyRegistry.Find(next.Policy) is null)
        {
            throw new ArgumentException($"Policy '{next.Policy}' is unknown; known are {string.Join(", ", PolicyRegistry.All.Select(p => p.Name))}.", nameof(configured));
        }

        var previous = Configuration;
        Configuration = next;
        if (previous is not null)
        {
            Rename(ArmRenames.Between(previous.Arms, next.Arms));
        }

        if (previous is null || configured.Relearns || Restarting(previous, next).Any())
        {
            RestartPolicy(next);
            _pacer.SetArms(next.Arms.Count);
            _windows.SetArms(next.Arms.Count);
        }
        else
        {
            SetArms(next);
            Reprice(previous.Arms, next.Arms);
        }

        _floor.Set(next.QualityFloor, next.Arms);
        if (next.MaxWeightPerUser is null)
        {
            _users.Clear();
        }

        if (previous?.MissingReward is null && next.MissingReward is not null)
        {
            MissingThrough = DecisionOrdinal;
        }

        SetImputation(next);
        SetOthers(next);
        SetCanary(next);
        SetGuarantee(configured);
        SetCascade(next);
        if (next.Conversations is null)
        {
            _conversations.Clear();
        }

        if (previous?.UsdPerRequest != next.UsdPerRequest)
        {
            _pacer.SetTarget(next.UsdPerRequest, previous?.UsdPerRequest is null ? SuggestLambda(next) : null);
        }

        if (previous is not null && previous.HardCapWindow != next.HardCapWindow)
        {
            _ledger.ChangeWindow(previous.HardCapWindow, next.HardCapWindow, configured.At);
        }
    }

    // A change of price takes effect on the shadow price at once, by the last predictions at the new prices.
    private void Reprice(IReadOnlyList<Arm> previous, IReadOnlyList<Arm> next)
    {
        if (!previous.Select(a => a.Id).SequenceEqual(next.Select(a => ArmRenames.IdBefore(previous, a, next)), StringComparer.Ordinal))
        {
            _pacer.SetArms(next.Count);
            _windows.SetArms(next.Count);
        }
        else if (!previous.Select(a => (a.Prices, a.Overhead?.Usd)).SequenceEqual(next.Select(a => (a.Prices, a.Overhead?.Usd))))
        {
            double[] factors = [.. previous.Zip(next, CostFactor)];
            _pacer.Reprice(factors);
            _windows.Reprice(factors);
        }
    }

    private static double CostFactor(Arm previous, Arm next)
    {
        var usage = new TokenUsage(previous.PriorOutputTokens, 0, previous.PriorOutputTokens);
        var before = previous.Cost(usage);
        return before > 0 ? next.Cost(usage) / before : 1;
    }

    private void RestartPolicy(TenantConfiguration configuration)
    {
        _descriptor = PolicyRegistry.Find(configuration.Policy)!;
        _warmStart = "";
        _warmStartRows = 0;
        _quizzes.Clear();
        _earlier.Clear();
        _policy = PolicyRegistry.Create(
            configuration.Policy, _features.Blocks(configuration.Parts), configuration.PriceWeight, configuration.PolicyOptions);
        SetArms(configuration);
    }

    private void SetArms(TenantConfiguration configuration)
    {
        _policy!.SetArms(configuration.Arms);
        SetCards(configuration);
        _quizzes.Keep([.. configuration.Arms.Select(a => a.Id)]);
        KeepEarlier(configuration.Arms);
        _scores = new DecisionScores(configuration.Arms.Count);
        _armIndex = configuration.Arms.Select((arm, i) => (arm.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal);
    }

    private void Reward(RewardedEvent rewarded)
    {
        var configuration = Configured();
        Check(rewarded);
        if (!rewarded.Decision.IsOfPolicy)
        {
            _rewardsApplied++;
            _rewardsIgnored++;
            return;
        }

        var taught = Taught(rewarded);
        var served = Find(taught.Decision);
        _canary?.Rewarded(rewarded, configuration.Canary!.Tolerance);
        _rewardsApplied++;
        ObserveJudges(rewarded);
        LearnCascade(rewarded, configuration);
        if (rewarded.Defaulted)
        {
            _rewardsDefaulted++;
            MissingThrough = Math.Max(MissingThrough, rewarded.Decision.Ordinal);
        }
        else if (_imputation is not null && !rewarded.IsVerdict && (rewarded.Withdrawn ? _imputation.Withdrawn(rewarded.Decision.Ordinal) : _imputation.Rewarded(rewarded)))
        {
            StartImputing(rewarded.At);
        }

        ObserveFloor(rewarded);
        if (served is not { } arm)
        {
            _rewardsIgnored++;
            return;
        }

        Learn(taught, arm, OwnSeed(configuration), configuration);
    }

    private static void Check(RewardedEvent rewarded)
    {
        CheckReward(nameof(rewarded.Reward), rewarded.Reward);
        CheckReward(nameof(rewarded.PreviousReward), rewarded.PreviousReward ?? 0);
        CheckWeight(nameof(rewarded.Weight), rewarded.Weight);
        CheckWeight(nameof(rewarded.PreviousWeight), rewarded.PreviousWeight);
    }

    // A caller who names the model has not asked for a routing.
    private void ObserveFloor(RewardedEvent rewarded)
    {
        if (!rewarded.Decision.Pinned)
        {
            _floor.Observe(rewarded.Reward, rewarded.Withdrawn ? 0 : rewarded.Weight, rewarded.PreviousReward, rewarded.PreviousWeight);
        }
    }

    private void Learn(RewardedEvent rewarded, int arm, ulong seed, TenantConfiguration configuration)
    {
        if (!ThinnedReward.TryGet(rewarded, arm, _descriptor!, _policy!, seed, out var observation))
        {
            return;
        }

        var changePoints = _policy!.ChangePoints;
        _policy.OnRewarded(observation);
        ResetDualAfter(changePoints, configuration, rewarded.At);
    }

    // What is believed of an arm may have changed at once: then predictions from before say little about what the next decisions will cost.
    private void ResetDualAfter(int changePoints, TenantConfiguration configuration, DateTimeOffset at)
    {
        if (_policy!.ChangePoints != changePoints)
        {
            _pacer.ResetDual();
            _windows.ResetDual(WindowTarget(configuration, at));
        }
    }

    // Nothing can be learned about an arm that is gone, nor from a context of another layout.
    private int? Find(DecisionFacts decision)
    {
        if (decision.FeatureSchema != FeatureSchema || Place(decision.ServedArm, decision.Ordinal) is not { } arm)
        {
            return null;
        }

        var dimension = _features.Blocks(Configured().Parts).Dimension;
        if (decision.Context.Length != dimension || !FiniteNumbers.Are(decision.Context))
        {
            throw new ArgumentException(
                $"Decision '{decision.DecisionId}' has a context of {decision.Context.Length} numbers; {dimension} finite ones are needed.", nameof(decision));
        }

        return arm;
    }

    private void SetImputation(TenantConfiguration configuration)
    {
        _imputation = configuration.MissingReward?.Mode != MissingRewardMode.Impute ? null : _imputation ?? new RewardImputation();
        _imputation?.Set(configuration);
    }

    // Decisions whose window ended while nothing was imputed stay without a reward.
    private void StartImputing(DateTimeOffset at) => MissingThrough = Math.Max(MissingThrough, _imputation!.OverBy(at));

    // What could have been chosen at other prices of money; a pinned call had no choice.
    private void Pace(DecisionRecord decision, double windowTarget)
    {
        if (decision.Pinned)
        {
            return;
        }

        var (paced, windowed) = (_pacer.Begin(), _windows.Begin(windowTarget));
        if (!paced && !windowed)
        {
            return;
        }

        // What the policy could not have chosen says nothing of what it would choose at another price.
        var canary = Configured().Canary?.Arm;
        var (expected, greedy) = (0.0, 0.0);
        foreach (var arm in decision.Arms)
        {
            expected += arm.Propensity * arm.CostUsd;
            greedy = arm.ArmId == decision.GreedyArm ? arm.CostUsd : greedy;
            if (arm.Exclusion is null && arm.ArmId != canary && IsOffered(decision, arm) && _armIndex.TryGetValue(arm.ArmId, out var index))
            {
                Offer(index, arm, paced, windowed);
            }
        }

        if (paced)
        {
            _pacer.End(expected - greedy);
        }

        if (windowed)
        {
            _windows.End(expected - greedy);
        }
    }

    private void Offer(int index, ArmAssessment arm, bool paced, bool windowed)
    {
        if (paced)
        {
            _pacer.Offer(index, arm.Quality, arm.CostUsd);
        }

        if (windowed)
        {
            _windows.Offer(index, arm.Quality, arm.CostUsd);
        }
    }

    private static double Extra(DecisionRecord decision)
    {
        var greedy = decision.Arms.FirstOrDefault(a => a.ArmId == decision.GreedyArm)?.CostUsd ?? decision.ReservedUsd;
        return decision.Pinned ? 0 : decision.ReservedUsd - greedy;
    }
}
