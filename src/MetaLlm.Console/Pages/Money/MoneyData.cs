using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>What the page and the report show of a tenant's money.</summary>
public sealed record MoneyData
{
    /// <summary>How far back the forecast looks.</summary>
    private static readonly TimeSpan History = TimeSpan.FromDays(14);

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The earliest time.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The time before which.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Whether the sums hold the whole journal.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>Sums by day and model.</summary>
    public required IReadOnlyList<UsageSum> Days { get; init; }

    /// <summary>Sums by model, the dearest first.</summary>
    public required IReadOnlyList<UsageSum> Models { get; init; }

    /// <summary>Sums by task, the dearest first.</summary>
    public required IReadOnlyList<UsageSum> Tasks { get; init; }

    /// <summary>Sums by key, the dearest first.</summary>
    public required IReadOnlyList<UsageSum> Keys { get; init; }

    /// <summary>All tenants, by spend; empty in a report about one.</summary>
    public required IReadOnlyList<UsageSum> Tenants { get; init; }

    /// <summary>How the tenant's windows will end: those with a budget, and the month in any case.</summary>
    public required IReadOnlyList<MoneyWindow> Windows { get; init; }

    /// <summary>What was spent, USD.</summary>
    public double SpentUsd => Models.Sum(sum => sum.SpentUsd);

    /// <summary>What of it failed attempts cost, USD.</summary>
    public double WastedUsd => Models.Sum(sum => sum.WastedUsd);

    /// <summary>What exploration was expected to cost, USD.</summary>
    public double ExplorationUsd => Models.Sum(sum => sum.ExplorationUsd);

    /// <summary>Decisions.</summary>
    public long Requests => Models.Sum(sum => sum.Requests);

    /// <summary>Reads all of it.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="from">The earliest time; taken down to its hour.</param>
    /// <param name="to">The time before which.</param>
    /// <param name="now">The present, which windows are looked at from.</param>
    /// <param name="budgets">The tenant's budgets; null where they are not known.</param>
    /// <param name="others">Whether to add up all tenants as well.</param>
    /// <param name="patience">How long to wait for sums; null for as long as it takes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<MoneyData> ReadAsync(
        IUsageSums sums, string tenant, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, MoneyBudgets budgets, bool others, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var current = true;
        async Task<IReadOnlyList<UsageSum>> ReadAsync(string? whose, DateTimeOffset since, DateTimeOffset until, UsageDimension by, UsageBucket bucket)
        {
            var found = await sums.ReadSumsAsync(
                new UsageSumQuery { Tenant = whose, From = since, To = until, By = by, Bucket = bucket, Patience = patience }, cancellationToken).ConfigureAwait(false);
            current &= found.IsCurrent;
            return found.Rows;
        }

        var month = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var since = now - History;
        var hours = await ReadAsync(tenant, since < month ? since : month, now, UsageDimension.Model, UsageBucket.Hour).ConfigureAwait(false);
        var days = await ReadAsync(tenant, from, to, UsageDimension.Model, UsageBucket.Day).ConfigureAwait(false);
        var tasks = await ReadAsync(tenant, from, to, UsageDimension.Task, UsageBucket.Span).ConfigureAwait(false);
        var keys = await ReadAsync(tenant, from, to, UsageDimension.Key, UsageBucket.Span).ConfigureAwait(false);
        var all = others ? await ReadAsync(null, from, to, UsageDimension.Model, UsageBucket.Span).ConfigureAwait(false) : [];
        return new MoneyData
        {
            Tenant = tenant,
            From = from,
            To = to,
            IsCurrent = current,
            Days = days,
            Models = Together(days, sum => sum.Group),
            Tasks = [.. tasks.OrderByDescending(sum => sum.SpentUsd)],
            Keys = [.. keys.OrderByDescending(sum => sum.SpentUsd)],
            Tenants = Together(all, sum => sum.Tenant),
            Windows = MoneyWindow.Of(hours, now, month, budgets, History),
        };
    }

    private static IReadOnlyList<UsageSum> Together(IEnumerable<UsageSum> sums, Func<UsageSum, string> group) =>
        [.. sums.GroupBy(group, StringComparer.Ordinal).Select(one => one.Aggregate((a, b) => a.Plus(b)) with { Group = one.Key }).OrderByDescending(sum => sum.SpentUsd)];
}
