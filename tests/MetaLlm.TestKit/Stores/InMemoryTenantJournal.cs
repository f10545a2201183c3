using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>The journal in its plainest form: for each tenant, under a lock, a transaction that never ends.</summary>
public sealed class InMemoryTenantJournal : TenantJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JournalTransaction> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Snapshot> _bases = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override ValueTask ProbeAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<TenantEvent>> ReadEventsAsync(string tenant, long afterSequence, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<TenantEvent>>(
            tenant, log => [.. log.Events.Skip((int)afterSequence).Take(limit).Select(row => row.Event)], cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<DecisionRecord>> ReadDecisionsAsync(
        string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<DecisionRecord>>(
            tenant, log => [.. log.Decisions.Skip((int)afterOrdinal).Take(limit).Select(row => row.Encoded.Decision)], cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken) =>
        Read(tenant, log => Find(log, decisionId), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<StoredDecision>>(
            tenant,
            log => [.. decisionIds.Distinct().Select(id => Find(log, id)).OfType<StoredDecision>().OrderBy(found => found.Decision.Ordinal)],
            cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> FindUnsettledAsync(
        string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<string>>(
            tenant,
            log =>
            [
                .. All(log).Where(found => found.Settlement is null && found.Decision.At < before)
                    .OrderBy(found => found.Decision.At)
                    .Take(limit)
                    .Select(found => found.Decision.DecisionId),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<UnrewardedDecision>>(
            tenant,
            log =>
            [
                .. All(log).Where(found => found.Decision.Ordinal > afterOrdinal && found.Decision.At < before)
                    .Where(found => found is { Reward: null, Settlement.Outcome: CallOutcome.Completed, Decision.IsOfPolicy: true })
                    .Select(found => new UnrewardedDecision(found.Decision.Ordinal, found.Decision.DecisionId, found.Decision.At))
                    .Where(found => (found.At, found.Ordinal).CompareTo((after.At, after.Ordinal)) > 0)
                    .OrderBy(found => found.At)
                    .ThenBy(found => found.Ordinal)
                    .Take(limit),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<JournalHead>> ReadHeadsAsync(IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<JournalHead>>(
            [
                .. tenants.SelectMany(tenant => _logs.GetValueOrDefault(tenant)?.Heads ?? []).Select(head => new JournalHead(head.Tenant, head.LastOrdinal, head.LastSequence, _bases.GetValueOrDefault(head.Tenant)?.AppliedSequence ?? 0)),
            ]);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(
        IReadOnlyList<string> tenants, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        foreach (var tenant in tenants)
        {
            if ((await FindUnsettledAsync(tenant, before, 1, cancellationToken)).Count > 0)
            {
                found.Add(tenant);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public override ValueTask SetBaseAsync(string tenant, Snapshot state, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        lock (_gate)
        {
            var log = _logs.GetValueOrDefault(tenant);
            var head = log?.FindHead(tenant);
            if (head is null || head.LastOrdinal < state.DecisionOrdinal || head.LastSequence < state.AppliedSequence
                || (_bases.GetValueOrDefault(tenant) is { } before && (before.DecisionOrdinal > state.DecisionOrdinal || before.AppliedSequence > state.AppliedSequence))
                || log!.Decisions.Any(row => row.Encoded.Decision.Ordinal > state.DecisionOrdinal && row.Encoded.Decision.AppliedSequence < state.AppliedSequence))
            {
                throw new FencedException($"The state does not stand for the beginning of the journal of tenant '{tenant}'.");
            }

            _bases[tenant] = state with { State = state.State.ToArray() };
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<Snapshot?> FindBaseAsync(string tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_bases.GetValueOrDefault(tenant));
        }
    }

    /// <inheritdoc/>
    public override ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        ThrowIfInvalid(tenant);
        lock (_gate)
        {
            _logs.Remove(tenant);
            _bases.Remove(tenant);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_bases.TryGetValue(scope.Tenant, out var beginning) && _logs[scope.Tenant].FindHead(scope.Tenant) is { } head)
            {
                head.BaseSequence = beginning.AppliedSequence;
            }

            if (!_logs.TryGetValue(scope.Tenant, out var log))
            {
                _logs.Add(scope.Tenant, log = new JournalTransaction());
            }

            return Task.FromResult(write(log));
        }
    }

    private static IEnumerable<StoredDecision> All(JournalTransaction log) =>
        log.Decisions.Select(row => Find(log, row.Encoded.Decision.DecisionId)).OfType<StoredDecision>();

    private static StoredDecision? Find(JournalTransaction log, string decisionId)
    {
        if (log.Heads.SingleOrDefault()?.FindDecision(decisionId) is not { } state)
        {
            return null;
        }

        var settled = state.SettledSequence is { } sequence ? (SettledEvent)log.Events[(int)sequence - 1].Event : null;
        return new StoredDecision
        {
            Decision = log.Decisions[(int)state.Facts.Ordinal - 1].Encoded.Decision,
            ServedArm = state.Facts.ServedArm,
            ReservedUsd = state.Facts.ReservedUsd,
            BoundUsd = state.Facts.BoundUsd,
            Settlement = settled is null ? null : new Settlement
            {
                DecisionId = decisionId,
                Outcome = settled.Outcome,
                Usage = settled.Usage,
                CostUsd = settled.CostUsd,
                LatencySeconds = double.IsNaN(settled.LatencySeconds) ? null : settled.LatencySeconds,
                FailedAttempts = settled.FailedAttempts,
                Deployment = settled.Deployment,
                Weighed = settled.Weighed,
            },
            Reward = state.Reward,
            RewardWeight = state.RewardWeight ?? 1,
            FeedbackCount = state.FeedbackCount,
            Verdicts = state.Verdicts,
        };
    }

    private ValueTask<T> Read<T>(string tenant, Func<JournalTransaction, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfInvalid(tenant);
        lock (_gate)
        {
            return ValueTask.FromResult(read(_logs.GetValueOrDefault(tenant) ?? new JournalTransaction()));
        }
    }
}
