using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Gateway.Configuration;

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
    /// <param name="time">Says the present, which windows are looked at from, and measures the wait.</param>
    /// <param name="budgets">The tenant's budgets.</param>
    /// <param name="others">Whether to add up all tenants as well.</param>
    /// <param name="patience">How long to wait for all sums together; null for as long as it takes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<MoneyData> ReadAsync(
        IUsageSums sums, string tenant, DateTimeOffset from, DateTimeOffset to, TimeProvider time, BudgetSettings budgets, bool others, TimeSpan? patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        var month = new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var since = now - History;
        var reader = new MoneySums(sums, tenant, from, to, time, patience, cancellationToken);
        var hours = await reader.HoursAsync(since < month ? since : month, now).ConfigureAwait(false);
        var days = await reader.DaysAsync().ConfigureAwait(false);
        var tasks = await reader.ByAsync(UsageDimension.Task).ConfigureAwait(false);
        var keys = await reader.ByAsync(UsageDimension.Key).ConfigureAwait(false);
        var tenants = others ? await reader.TenantsAsync().ConfigureAwait(false) : [];
        return new MoneyData
        {
            Tenant = tenant,
            From = from,
            To = to,
            IsCurrent = reader.IsCurrent,
            Days = days,
            Models = MoneySums.Models(days),
            Tasks = tasks,
            Keys = keys,
            Tenants = tenants,
            Windows = MoneyWindow.Of(hours, now, month, budgets, History),
        };
    }
}
