using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What happens to a tenant, in any order that a journal allows, and what it adds up to.</summary>
/// <param name="journal">Where it is written; a store that is opened again has another one.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="begin">When it begins; it lasts about eight hours.</param>
internal sealed class UsageLife(Func<ITenantJournal> journal, string tenant, DateTimeOffset begin)
{
    private static readonly string[] Arms = ["small", "medium", "large"];

    private readonly Random _random = new(7);
    private long _decisions;

    /// <summary>Makes decisions whose calls end and that get feedback.</summary>
    public async Task MakeAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await DecideAsync();
            await SettleAsync(_decisions, failed: false);
            await journal().AppendFeedbackAsync(tenant, [new FeedbackSubmission { DecisionId = Id(_decisions), Reward = 0.5 }], begin, default);
        }
    }

    /// <summary>Lets something happen.</summary>
    public async Task StepAsync()
    {
        if (_decisions < 5 || _random.Next(3) == 0)
        {
            await DecideAsync();
            return;
        }

        // Old decisions are spoken of too.
        var ordinal = _random.Next(2) == 0 ? _random.NextInt64(1, _decisions + 1) : Math.Max(1, _decisions - _random.Next(5));
        switch (_random.Next(8))
        {
            case 0:
                await journal().AppendRerouteAsync(tenant, new Reroute(Id(ordinal), Arms[_random.Next(3)], 0.001, "it failed"), begin, default);
                break;
            case 1 or 2 or 3:
                await SettleAsync(ordinal, _random.Next(3) == 0);
                break;
            default:
                var kind = _random.Next(6);
                await journal().AppendFeedbackAsync(
                    tenant, [new FeedbackSubmission { DecisionId = Id(ordinal), Reward = _random.NextDouble(), IsDefault = kind == 0, IsWithdrawal = kind == 1 }], begin, default);
                break;
        }
    }

    /// <summary>All decisions with what became of them.</summary>
    public async Task<IReadOnlyList<StoredDecision>> DecisionsAsync() =>
        await journal().FindDecisionsAsync(tenant, [.. Enumerable.Range(1, (int)_decisions).Select(ordinal => Id(ordinal))], default);

    /// <summary>Adds decisions up, by hour and group.</summary>
    public static IReadOnlyList<UsageSum> Recount(IEnumerable<StoredDecision> decisions, UsageDimension by) => Recount(decisions, by switch
    {
        UsageDimension.Model => one => one.ServedArm,
        UsageDimension.Task => one => one.Decision.Task ?? "",
        _ => one => one.Decision.Key ?? "",
    }, by == UsageDimension.Model, byHour: true);

    /// <summary>Adds decisions up, by group.</summary>
    public static IReadOnlyList<UsageSum> Recount(IEnumerable<StoredDecision> decisions, UsageGrouping by) => Recount(decisions, by switch
    {
        UsageGrouping.Model => one => one.ServedArm,
        UsageGrouping.Task => one => one.Decision.Task ?? "",
        UsageGrouping.Key => one => one.Decision.Key ?? "",
        UsageGrouping.Day => _ => "2026-01-05",
        _ => one => one.Decision.Tenant,
    }, by == UsageGrouping.Model, byHour: false);

    /// <summary>What must be equal.</summary>
    public static object Counts(UsageSum sum) => (sum.At, sum.Group, sum.Requests, sum.Settled, sum.FailedAttempts, sum.Rewards, sum.Latencies);

    /// <summary>What is a sum of fractions.</summary>
    public static double[] Amounts(UsageSum sum) =>
        [sum.InputTokens, sum.CachedInputTokens, sum.OutputTokens, sum.SpentUsd, sum.WastedUsd, sum.RewardSum, sum.RewardSquares, sum.ExplorationUsd, sum.LatencySeconds];

    private static IReadOnlyList<UsageSum> Recount(IEnumerable<StoredDecision> decisions, Func<StoredDecision, string> group, bool attemptsByArm, bool byHour)
    {
        var sums = new SortedDictionary<(DateTimeOffset, string), UsageSum>(Comparer<(DateTimeOffset At, string Group)>.Create(
            (one, other) => one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Group, other.Group)));
        foreach (var one in decisions)
        {
            var at = byHour ? new DateTimeOffset(one.Decision.At.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero) : default;
            var rewarded = one is { Reward: not null, FeedbackCount: > 0 };
            Add(group(one), new UsageSum
            {
                Tenant = "",
                At = at,
                Group = "",
                Requests = 1,
                Settled = one.Settlement is null ? 0 : 1,
                InputTokens = one.Settlement?.Usage.Input ?? 0,
                CachedInputTokens = one.Settlement?.Usage.CachedInput ?? 0,
                OutputTokens = one.Settlement?.Usage.Output ?? 0,
                SpentUsd = one.Settlement?.CostUsd ?? 0,
                Rewards = rewarded ? 1 : 0,
                RewardSum = rewarded ? one.Reward!.Value : 0,
                RewardSquares = rewarded ? one.Reward!.Value * one.Reward.Value : 0,
                Latencies = one.Settlement?.LatencySeconds is null ? 0 : 1,
                LatencySeconds = one.Settlement?.LatencySeconds ?? 0,
            });

            // It was exploration of the arm that was chosen, and a decision's arm by which it is counted may be another one by now.
            var explored = one.Decision.Pinned ? 0 : one.Decision.Arms.Sum(arm => arm.Propensity * arm.CostUsd) - one.Decision.Arms.Single(arm => arm.ArmId == one.Decision.GreedyArm).CostUsd;
            Add(attemptsByArm ? one.Decision.ChosenArm : group(one), new UsageSum { Tenant = "", At = at, Group = "", ExplorationUsd = explored });
            foreach (var attempt in one.Settlement?.FailedAttempts ?? [])
            {
                Add(attemptsByArm ? attempt.ArmId : group(one), new UsageSum { Tenant = "", At = at, Group = "", FailedAttempts = 1, SpentUsd = attempt.CostUsd!.Value, WastedUsd = attempt.CostUsd.Value });
            }

            void Add(string name, UsageSum sum)
            {
                var key = (at, name);
                sums[key] = sums.TryGetValue(key, out var other) ? other.Plus(sum) : sum with { Group = name };
            }
        }

        return [.. sums.Values.Where(sum => sum.Requests > 0 || sum.FailedAttempts > 0)];
    }

    private static string Id(long ordinal) => $"d-{ordinal}";

    private async Task DecideAsync()
    {
        var ordinal = ++_decisions;
        var decision = TestTenants.Decision(tenant, ordinal, 0, begin.AddMinutes((ordinal * 2) + (_random.NextDouble() * 30)));
        await journal().AppendDecisionAsync(decision with { Key = ordinal % 3 == 0 ? "key-1" : null }, default);
    }

    private async Task SettleAsync(long ordinal, bool failed) => await journal().AppendSettlementAsync(
        tenant,
        new Settlement
        {
            DecisionId = Id(ordinal),
            Outcome = CallOutcome.Completed,
            Usage = new TokenUsage(100 + ordinal, 10, 50.5),
            CostUsd = 0.01 * ordinal,
            LatencySeconds = ordinal % 4 == 0 ? null : 1.25,
            FailedAttempts = failed ? [new FailedAttempt("large", default, new TokenUsage(5, 0, 1), 0.003, 0.5)] : [],
        },
        begin,
        default);
}
