using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>The journal's contract in its plainest form: lists under a lock.</summary>
public sealed class InMemoryTenantJournal : ITenantJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Log> _logs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask AppendDecisionsAsync(IReadOnlyList<DecisionRecord> decisions, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(decisions);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var known = _logs.GetValueOrDefault(decisions[0].Tenant);
            if (decisions[0].Ordinal != (known?.Decisions.Count ?? 0) + 1 || decisions[^1].AppliedSequence > (known?.Events.Count ?? 0))
            {
                throw new FencedException($"Decision {decisions[0].Ordinal} does not follow.");
            }

            var log = Open(decisions[0].Tenant);
            foreach (var decision in decisions)
            {
                var entry = new Entry(decision);
                log.Decisions.Add(entry);
                log.ById.Add(decision.DecisionId, entry);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ConfiguredEvent> AppendConfigurationAsync(
        string tenant, TenantConfiguration configuration, DateTimeOffset at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var log = Open(tenant);
            return ValueTask.FromResult(log.Append(sequence => new ConfiguredEvent { Sequence = sequence, At = at, Configuration = configuration }));
        }
    }

    /// <inheritdoc/>
    public ValueTask<WarmStartedEvent> AppendWarmStartAsync(string tenant, WarmStartSet set, DateTimeOffset at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var digest = WarmStartCodec.Digest(WarmStartCodec.Encode(set));
        lock (_gate)
        {
            var log = Open(tenant);
            return ValueTask.FromResult(log.Append(sequence => new WarmStartedEvent { Sequence = sequence, At = at, Set = set, Digest = digest }));
        }
    }

    /// <inheritdoc/>
    public ValueTask<QuizzedEvent> AppendQuizAsync(string tenant, QuizSet quiz, DateTimeOffset at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var digest = QuizCodec.Digest(QuizCodec.Encode(quiz));
        lock (_gate)
        {
            var log = Open(tenant);
            return ValueTask.FromResult(log.Append(sequence => new QuizzedEvent { Sequence = sequence, At = at, Quiz = quiz, Digest = digest }));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReroutedEvent?> AppendRerouteAsync(string tenant, Reroute reroute, DateTimeOffset at, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(reroute);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (Find(tenant, reroute.DecisionId) is not { Settlement: null } entry)
            {
                return ValueTask.FromResult<ReroutedEvent?>(null);
            }

            var recorded = _logs[tenant].Append(sequence => new ReroutedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = entry.Facts(),
                ToArm = reroute.ToArm,
                ReservedUsd = reroute.ReservedUsd,
                Reason = reroute.Reason,
            });
            entry.ServedArm = reroute.ToArm;
            entry.ReservedUsd = reroute.ReservedUsd;
            return ValueTask.FromResult<ReroutedEvent?>(recorded);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SettledEvent?> AppendSettlementAsync(
        string tenant, Settlement settlement, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var cost = JournalArguments.RequireCost(settlement);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (Find(tenant, settlement.DecisionId) is not { Settlement: null } entry)
            {
                return ValueTask.FromResult<SettledEvent?>(null);
            }

            var recorded = _logs[tenant].Append(sequence => new SettledEvent
            {
                Sequence = sequence,
                At = at,
                Decision = entry.Facts(),
                Outcome = settlement.Outcome,
                Usage = settlement.Usage,
                CostUsd = cost,
                LatencySeconds = settlement.LatencySeconds ?? double.NaN,
            });
            entry.Settlement = settlement;
            return ValueTask.FromResult<SettledEvent?>(recorded);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FeedbackReceipt>> AppendFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, DateTimeOffset at, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(submissions);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<FeedbackReceipt>>([.. submissions.Select(submission => Reward(tenant, submission, at))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(
        string tenant, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<TenantEvent>>(
                _logs.TryGetValue(tenant, out var log) ? [.. log.Events.Skip((int)afterSequence).Take(limit)] : []);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<DecisionRecord>>(
                _logs.TryGetValue(tenant, out var log) ? [.. log.Decisions.Skip((int)afterOrdinal).Take(limit).Select(entry => entry.Decision)] : []);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(Find(tenant, decisionId)?.ToStored());
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<StoredDecision>>(
                [.. decisionIds.Distinct().Select(id => Find(tenant, id)?.ToStored()).OfType<StoredDecision>().OrderBy(found => found.Decision.Ordinal)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>(!_logs.TryGetValue(tenant, out var log)
                ? []
                : [.. log.Decisions
                    .Where(entry => entry.Settlement is null && entry.Decision.At < before)
                    .OrderBy(entry => entry.Decision.At)
                    .Take(limit)
                    .Select(entry => entry.Decision.DecisionId)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<UnrewardedDecision>>(!_logs.TryGetValue(tenant, out var log)
                ? []
                : [.. log.Decisions
                    .Where(entry => entry.Decision.Ordinal > afterOrdinal && entry.Decision.At < before)
                    .Where(entry => entry.Reward is null && entry.Settlement is { Outcome: CallOutcome.Completed })
                    .Take(limit)
                    .Select(entry => new UnrewardedDecision(entry.Decision.Ordinal, entry.Decision.DecisionId))]);
        }
    }

    private FeedbackReceipt Reward(string tenant, FeedbackSubmission submission, DateTimeOffset at)
    {
        if (Find(tenant, submission.DecisionId) is not { } entry)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.UnknownDecision, null);
        }

        if (submission.IsDefault && entry.Reward is not null)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, null);
        }

        if (!submission.IsDefault && entry.Feedback.TryGetValue(submission.IdempotencyKey, out var first))
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, first);
        }

        var recorded = _logs[tenant].Append(sequence => new RewardedEvent
        {
            Sequence = sequence,
            At = at,
            Decision = entry.Facts(),
            Reward = submission.Reward,
            PreviousReward = entry.Reward,
            Weight = submission.Weight,
            Defaulted = submission.IsDefault,
            PreviousWeight = entry.RewardWeight,
        });
        if (!submission.IsDefault)
        {
            entry.Feedback.Add(submission.IdempotencyKey, recorded.Sequence);
        }

        entry.Reward = submission.Reward;
        entry.RewardWeight = submission.Weight;
        return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Accepted, recorded.Sequence) { Recorded = recorded };
    }

    private Log Open(string tenant)
    {
        if (!_logs.TryGetValue(tenant, out var log))
        {
            _logs.Add(tenant, log = new Log());
        }

        return log;
    }

    private Entry? Find(string tenant, string decisionId) =>
        _logs.TryGetValue(tenant, out var log) ? log.ById.GetValueOrDefault(decisionId) : null;

    private sealed class Log
    {
        public List<Entry> Decisions { get; } = [];

        public Dictionary<string, Entry> ById { get; } = new(StringComparer.Ordinal);

        public List<TenantEvent> Events { get; } = [];

        public T Append<T>(Func<long, T> create)
            where T : TenantEvent
        {
            var recorded = create(Events.Count + 1);
            Events.Add(recorded);
            return recorded;
        }
    }

    private sealed class Entry(DecisionRecord decision)
    {
        public DecisionRecord Decision { get; } = decision;

        public string ServedArm { get; set; } = decision.ChosenArm;

        public double ReservedUsd { get; set; } = decision.ReservedUsd;

        public Settlement? Settlement { get; set; }

        public double? Reward { get; set; }

        public double RewardWeight { get; set; } = 1;

        public Dictionary<string, long> Feedback { get; } = new(StringComparer.Ordinal);

        public DecisionFacts Facts() => new()
        {
            DecisionId = Decision.DecisionId,
            Ordinal = Decision.Ordinal,
            ServedArm = ServedArm,
            FeatureSchema = Decision.FeatureSchema,
            Context = Decision.Context,
            Propensity = Decision.Propensity,
            ReservedUsd = ReservedUsd,
            SettledUsd = Settlement?.CostUsd,
            Pinned = Decision.Pinned,
            At = Decision.At,
        };

        public StoredDecision ToStored() => new()
        {
            Decision = Decision,
            ServedArm = ServedArm,
            ReservedUsd = ReservedUsd,
            Settlement = Settlement,
            Reward = Reward,
            RewardWeight = RewardWeight,
            FeedbackCount = Feedback.Count,
        };
    }
}
