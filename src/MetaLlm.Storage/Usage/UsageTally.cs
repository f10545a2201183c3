using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Storage.Usage;

/// <summary>Adds up rows of a usage report.</summary>
internal sealed class UsageTally(UsageGrouping by)
{
    private readonly SortedDictionary<string, UsageRow> _rows = new(StringComparer.Ordinal);

    public IReadOnlyList<UsageRow> Rows => [.. _rows.Values];

    public void Add(SumRow sums) => Change(sums.Group, row => row with
    {
        Requests = row.Requests + sums.Requests,
        InputTokens = row.InputTokens + sums.InputTokens,
        CachedInputTokens = row.CachedInputTokens + sums.CachedInputTokens,
        OutputTokens = row.OutputTokens + sums.OutputTokens,
        SpentUsd = row.SpentUsd + sums.CostUsd,
        WastedUsd = row.WastedUsd + sums.WastedUsd,
        Rewards = row.Rewards + sums.Rewards,
        RewardSum = row.RewardSum + sums.RewardSum,
    });

    public void Add(DecisionRow decision) => Add(new SumRow
    {
        Group = Inside(decision.Record),
        Requests = 1,
        InputTokens = decision.InputTokens ?? 0,
        CachedInputTokens = decision.CachedInputTokens ?? 0,
        OutputTokens = decision.OutputTokens ?? 0,
        CostUsd = decision.CostUsd ?? 0,
        Rewards = decision.Reward is null ? 0 : 1,
        RewardSum = decision.Reward ?? 0,
    });

    /// <summary>Attempts cost what their own models cost, whichever answered in the end.</summary>
    public void Add(AttemptsRow attempts)
    {
        foreach (var attempt in AttemptsCodec.Decode(attempts.Attempts).Failed)
        {
            var group = by switch
            {
                UsageGrouping.Model => attempt.ArmId,
                UsageGrouping.Task or UsageGrouping.Key => Inside(attempts.Record),
                _ => attempts.Group,
            };
            var cost = attempt.CostUsd ?? 0;
            var wasted = attempt.Kind == FailureKind.Escalated ? 0 : cost;
            Change(group, row => row with { SpentUsd = row.SpentUsd + cost, WastedUsd = row.WastedUsd + wasted });
        }
    }

    private string Inside(ReadOnlySpan<byte> record) => (by == UsageGrouping.Key ? DecisionCodec.DecodeKey(record) : DecisionCodec.DecodeTask(record)) ?? "";

    private void Change(string group, Func<UsageRow, UsageRow> change)
    {
        var name = by switch
        {
            UsageGrouping.Day => Date(group),
            UsageGrouping.Tenant => TenantOwner.TenantOf(group),
            _ => group,
        };
        _rows[name] = change(_rows.TryGetValue(name, out var row) ? row : new UsageRow { Group = name });
    }

    private static string Date(string day) =>
        new DateTime(long.Parse(day, CultureInfo.InvariantCulture) * TimeSpan.TicksPerDay, DateTimeKind.Utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal sealed class SumRow
    {
        public required string Group { get; init; }

        public long Requests { get; init; }

        public double InputTokens { get; init; }

        public double CachedInputTokens { get; init; }

        public double OutputTokens { get; init; }

        /// <summary>In sums of whole hours with what attempts cost that gave no answer.</summary>
        public double CostUsd { get; init; }

        public double WastedUsd { get; init; }

        public long Rewards { get; init; }

        public double RewardSum { get; init; }
    }

    internal sealed class AttemptsRow
    {
        public required string Group { get; init; }

        public byte[]? Attempts { get; init; }

        public byte[]? Record { get; init; }
    }

    internal sealed class DecisionRow
    {
        public byte[] Record { get; init; } = [];

        public double? InputTokens { get; init; }

        public double? CachedInputTokens { get; init; }

        public double? OutputTokens { get; init; }

        public double? CostUsd { get; init; }

        public double? Reward { get; init; }
    }
}
