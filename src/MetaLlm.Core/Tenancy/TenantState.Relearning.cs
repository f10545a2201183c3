using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    // Ordinal of the last decision that was relearned from; null while the policy is not being rebuilt.
    private long? _relearnedThrough;

    /// <summary>What the policy would forget if a configuration were put in force; null when it would forget nothing.</summary>
    /// <param name="next">The configuration.</param>
    public ForgottenLearning? FindForgotten(TenantConfiguration next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (Configuration is not { } previous)
        {
            return null;
        }

        string[] members = [.. Restarting(previous, next)];
        if (members.Length == 0)
        {
            return null;
        }

        ArmStatistics[] learned = [.. previous.Arms.Select((_, a) => _policy!.Describe(a))];
        var lost = new ForgottenLearning(
            Tenant, members, learned.Sum(l => l.Pulls), learned.Sum(l => l.Rewards), _warmStartRows, previous.Arms.Sum(a => QuizRows(a.Id)));
        return lost.IsEmpty ? null : lost;
    }

    /// <summary>The arms that a configuration leaves out, with what is known of them: it would be forgotten. An arm that is renamed is none of them.</summary>
    /// <param name="next">The configuration.</param>
    public IReadOnlyList<ArmReport> FindLeaving(TenantConfiguration next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (Configuration is not { } previous)
        {
            return [];
        }

        var stay = next.Arms.Select(arm => ArmRenames.IdBefore(previous.Arms, arm, next.Arms)).ToHashSet(StringComparer.Ordinal);
        return [.. previous.Arms
            .Select((arm, a) => new ArmReport(arm.Id, arm.Enabled, CountedOf(a).Describe()) { QuizRows = QuizRows(arm.Id) })
            .Where(arm => !stay.Contains(arm.ArmId) && (arm.Statistics.Pulls > 0 || arm.Statistics.Rewards > 0 || arm.QuizRows > 0))];
    }

    /// <summary>
    /// Puts the configuration of an event that <see cref="ConfiguredEvent.Relearns"/> in force with a new policy. Next, all that the journal holds before the event is to be
    /// handed to <see cref="Relearn(DecisionRecord)"/> and <see cref="Relearn(TenantEvent)"/>, in the order of the fold; at last comes <see cref="EndRelearning"/>.
    /// </summary>
    /// <remarks>
    /// What the policy learns is a function of that journal and this event, so that every replay gives the same bytes. Arms that are gone are passed over, and decisions with a context
    /// of another layout are counted alone; warm starts and quizzes are read by the feature map of now. Money, counters of the tenant and the feature map stay.
    /// </remarks>
    /// <param name="configured">The event that follows the last one applied.</param>
    /// <exception cref="InvalidOperationException">It does not follow, relearns nothing, or the tenant has several owners; nothing was changed.</exception>
    /// <exception cref="ArgumentException">The policy is unknown; nothing was changed.</exception>
    public void BeginRelearning(ConfiguredEvent configured)
    {
        ArgumentNullException.ThrowIfNull(configured);
        Configured();
        if (_others.Count > 0)
        {
            throw new InvalidOperationException($"Tenant '{Tenant}' has several owners, which cannot learn again from their journals.");
        }

        if (!configured.Relearns || configured.Sequence != AppliedSequence + 1)
        {
            throw new InvalidOperationException(
                $"Tenant '{Tenant}': event {configured.Sequence} cannot rebuild the policy after event {AppliedSequence}.");
        }

        Configure(configured);
        _relearnedThrough = 0;
    }

    /// <summary>Shows a decision of the past to the policy that is rebuilt.</summary>
    /// <param name="decision">The next decision of the journal.</param>
    /// <exception cref="InvalidOperationException">No policy is being rebuilt.</exception>
    public void Relearn(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        Relearning();
        _relearnedThrough = decision.Ordinal;
        if (!decision.IsOfPolicy || Place(decision.ChosenArm, decision.Ordinal) is not { } arm)
        {
            return;
        }

        if (decision.FeatureSchema == FeatureSchema)
        {
            _policy!.OnChosen(new ChosenObservation(arm, decision.Ordinal, decision.Pinned));
        }
        else
        {
            Earlier(arm).Chosen();
        }
    }

    /// <summary>Shows an event of the past to the policy that is rebuilt.</summary>
    /// <param name="tenantEvent">The next event of the journal.</param>
    /// <exception cref="InvalidOperationException">No policy is being rebuilt.</exception>
    public void Relearn(TenantEvent tenantEvent)
    {
        ArgumentNullException.ThrowIfNull(tenantEvent);
        var (configuration, ordinal) = (Configured(), Relearning());
        switch (tenantEvent)
        {
            case SettledEvent { Decision.IsOfPolicy: true } settled:
                LearnFailures(settled);
                RememberEscalation(settled);
                if (Place(settled.Decision.ServedArm, settled.Decision.Ordinal) is { } served)
                {
                    Relearn(Observation(settled, served, Target(WindowTarget(configuration, _now)), settled.Decision.Ordinal), IsReadable(settled.Decision));
                }

                if (FirstCall(settled) is { } first && Place(first.Decision.ServedArm, first.Decision.Ordinal) is { } one)
                {
                    Relearn(Observation(first, one, Target(WindowTarget(configuration, _now)), first.Decision.Ordinal), IsReadable(first.Decision));
                }

                break;
            case RewardedEvent { Decision.IsOfPolicy: true } given when OfFirst(given) is var rewarded && Place(rewarded.Decision.ServedArm, rewarded.Decision.Ordinal) is { } arm:
                if (ThinnedReward.TryGet(rewarded, arm, _descriptor!, _policy!, configuration.Seed, out var observation))
                {
                    Relearn(observation, IsReadable(rewarded.Decision));
                }

                break;
            case WarmStartedEvent started:
                Relearn(started, ordinal, configuration);
                break;
            case EvidencedEvent evidenced:
                Relearn(evidenced, ordinal, configuration);
                break;
            case QuizzedEvent quizzed:
                Relearn(quizzed, ordinal, configuration);
                break;
        }
    }

    /// <summary>Ends what <see cref="BeginRelearning"/> began: the event is applied.</summary>
    /// <param name="configured">That event.</param>
    /// <exception cref="InvalidOperationException">No policy is being rebuilt.</exception>
    public void EndRelearning(ConfiguredEvent configured)
    {
        ArgumentNullException.ThrowIfNull(configured);
        Relearning();
        _relearnedThrough = null;
        _relearnedEscalations.Clear();
        AppliedSequence = configured.Sequence;
        Advance(configured.At);
        _pacer.ResetDual();
        _windows.ResetDual(WindowTarget(Configured(), configured.At));
    }

    private static IEnumerable<string> Restarting(TenantConfiguration previous, TenantConfiguration next)
    {
        if (previous.Policy != next.Policy)
        {
            yield return "policy";
        }

        if (!previous.PolicyOptions.OrderBy(o => o.Key, StringComparer.Ordinal).SequenceEqual(next.PolicyOptions.OrderBy(o => o.Key, StringComparer.Ordinal)))
        {
            yield return "policyOptions";
        }

        if (previous.Seed != next.Seed)
        {
            yield return "seed";
        }

        if (previous.Parts != next.Parts)
        {
            yield return "context";
        }
    }

    private long Relearning() => _relearnedThrough ?? throw new InvalidOperationException($"The policy of tenant '{Tenant}' is not being rebuilt.");

    private bool IsReadable(DecisionFacts decision) =>
        decision.FeatureSchema == FeatureSchema
        && decision.Context.Length == _features.Blocks(Configured().Parts).Dimension
        && decision.Context.All(float.IsFinite);

    // What cannot be learned from is counted all the same, so that an arm's counters add up with the tenant's.
    private ArmCounters Earlier(int arm)
    {
        var id = Configured().Arms[arm].Id;
        return _earlier.TryGetValue(id, out var counters) ? counters : _earlier[id] = new ArmCounters();
    }

    private void Relearn(in SettledObservation settled, bool isReadable)
    {
        if (isReadable)
        {
            _policy!.OnSettled(settled);
        }
        else
        {
            Earlier(settled.Arm).Settled(settled);
        }
    }

    private void Relearn(in RewardObservation rewarded, bool isReadable)
    {
        if (isReadable)
        {
            _policy!.OnRewarded(rewarded);
        }
        else
        {
            Earlier(rewarded.Arm).Rewarded(rewarded);
        }
    }

    private void Relearn(WarmStartedEvent started, long ordinal, TenantConfiguration configuration)
    {
        var set = Renamed(started.Set, ordinal);
        if (set.Knows(configuration.Arms))
        {
            Relearn(set, started.Digest, configuration);
        }
    }

    private void Relearn(EvidencedEvent evidenced, long ordinal, TenantConfiguration configuration)
    {
        var set = Renamed(evidenced.Set, ordinal);
        if (set.TellsOf(configuration.Arms))
        {
            Relearn(set, evidenced.Digest, configuration);
        }
    }

    private void Relearn(WarmStartSet set, string digest, TenantConfiguration configuration)
    {
        if (set.EmbeddingModelId != _embeddingModelId)
        {
            return;
        }

        var counted = Counted();
        RestartPolicy(configuration);
        _policy!.WarmStart(Completed(set.RowsOf(configuration.Arms), configuration));
        Restore(counted);
        _warmStart = digest;
        _warmStartRows = set.Rows.Count;
    }

    private void Relearn(QuizzedEvent quizzed, long ordinal, TenantConfiguration configuration)
    {
        var (armId, set) = (IdNow(quizzed.Quiz.ArmId, ordinal), Renamed(quizzed.Quiz.Outcomes, ordinal));
        if (set.EmbeddingModelId == _embeddingModelId && _armIndex.TryGetValue(armId, out var arm) && !HasQuiz(armId, quizzed.Digest))
        {
            _policy!.Quiz(arm, _features.Map(set.RowsOf(configuration.Arms), configuration.Parts));
            _quizzes.Add(armId, quizzed.Digest, set.Rows.Count);
        }
    }

    private WarmStartSet Renamed(WarmStartSet set, long ordinal)
    {
        string[] ids = [.. set.ArmIds.Select(id => IdNow(id, ordinal))];
        return ids.Distinct(StringComparer.Ordinal).Count() == ids.Length ? set with { ArmIds = ids } : set;
    }
}
