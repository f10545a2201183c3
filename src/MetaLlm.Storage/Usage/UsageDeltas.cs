using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Codecs;

namespace MetaLlm.Storage.Usage;

/// <summary>What a slice of a tenant's journal adds to its sums.</summary>
/// <param name="key">The tenant's number.</param>
internal sealed class UsageDeltas(long key)
{
    private readonly Dictionary<(UsageDimension, long, string), UsageDelta> _deltas = [];

    public IReadOnlyCollection<UsageDelta> All => _deltas.Values;

    public void Add(UsageRows.Decision row)
    {
        var decision = DecisionCodec.Decode(
            new DecisionColumns("", "", row.Ordinal, 0, new DateTimeOffset(row.DecidedAt, TimeSpan.Zero), row.FeatureSchema, [], row.Pinned, row.ChosenArm), row.Record);
        var explored = ExplorationUsd(decision);
        Change(row.DecidedAt, row.Ordinal, row.ChosenArm, (decision.Task, decision.Key), delta =>
        {
            delta.Requests++;
            delta.ExplorationUsd += explored;
        });
    }

    public void Add(UsageRows.Event row)
    {
        switch ((EventKind)row.Kind)
        {
            case EventKind.Rerouted:
                Move(row);
                break;
            case EventKind.Settled:
                Settle(row);
                break;
            case EventKind.Rewarded:
                Change(row.DecidedAt, row.Ordinal, row.ServedArm, Inside(row), delta =>
                {
                    if (row.PreviousReward is { } previous)
                    {
                        delta.Reward(previous, -1);
                    }

                    if (row.Reward is { } reward)
                    {
                        delta.Reward(reward, 1);
                    }
                });
                break;
        }
    }

    /// <summary>Expected cost beyond that of the arm that looked best.</summary>
    private static double ExplorationUsd(DecisionRecord decision)
    {
        if (decision.Pinned || !decision.IsOfPolicy)
        {
            return 0;
        }

        var (expected, greedy) = (0.0, 0.0);
        foreach (var arm in decision.Arms)
        {
            expected += arm.Propensity * arm.CostUsd;
            greedy = arm.ArmId == decision.GreedyArm ? arm.CostUsd : greedy;
        }

        return expected - greedy;
    }

    // Task and key stay what they are: only the model's sums change.
    private void Move(UsageRows.Event row)
    {
        foreach (var (arm, times) in (ReadOnlySpan<(string, int)>)[(row.ServedArm, -1), (row.ToArm!, 1)])
        {
            var delta = Find(UsageDimension.Model, row.DecidedAt, row.Ordinal, arm);
            delta.Requests += times;
            if (row.MovedReward is { } reward)
            {
                delta.Reward(reward, times);
            }
        }
    }

    private void Settle(UsageRows.Event row)
    {
        Change(row.DecidedAt, row.Ordinal, row.ServedArm, Inside(row), delta =>
        {
            delta.Settled++;
            delta.InputTokens += row.InputTokens ?? 0;
            delta.CachedTokens += row.CachedTokens ?? 0;
            delta.OutputTokens += row.OutputTokens ?? 0;
            delta.SpentUsd += row.CostUsd ?? 0;
            delta.Latencies += row.LatencySeconds is null ? 0 : 1;
            delta.LatencySeconds += row.LatencySeconds ?? 0;
        });
        foreach (var attempt in row.Attempts is null ? [] : AttemptsCodec.Decode(row.Attempts).Failed)
        {
            // It counts for the model that was tried, whichever answered in the end. One whose answer was held back has not failed.
            var failed = attempt.Kind != FailureKind.Escalated;
            Change(row.DecidedAt, row.Ordinal, attempt.ArmId, Inside(row), delta =>
            {
                delta.FailedAttempts += failed ? 1 : 0;
                delta.SpentUsd += attempt.CostUsd ?? 0;
                delta.WastedUsd += failed ? attempt.CostUsd ?? 0 : 0;
            });
        }
    }

    private static (string? Task, string? Key) Inside(UsageRows.Event row) => (DecisionCodec.DecodeTask(row.Record), DecisionCodec.DecodeKey(row.Record));

    private void Change(long decidedAt, long ordinal, string arm, (string? Task, string? Key) inside, Action<UsageDelta> change)
    {
        change(Find(UsageDimension.Model, decidedAt, ordinal, arm));
        change(Find(UsageDimension.Task, decidedAt, ordinal, inside.Task ?? ""));
        change(Find(UsageDimension.Key, decidedAt, ordinal, inside.Key ?? ""));
    }

    private UsageDelta Find(UsageDimension dimension, long decidedAt, long ordinal, string name)
    {
        var hour = decidedAt / TimeSpan.TicksPerHour;
        if (!_deltas.TryGetValue((dimension, hour, name), out var delta))
        {
            _deltas[(dimension, hour, name)] = delta = new UsageDelta { Key = key, Dimension = (short)dimension, Hour = hour, Name = name };
        }

        delta.FirstOrdinal = Math.Min(delta.FirstOrdinal, ordinal);
        delta.LastOrdinal = Math.Max(delta.LastOrdinal, ordinal);
        return delta;
    }
}
