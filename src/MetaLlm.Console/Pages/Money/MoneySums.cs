using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>Asks for the sums of a tenant and a span, a question after the other, with one wait for all of them.</summary>
/// <param name="sums">The sums.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="from">The earliest time; taken down to its hour.</param>
/// <param name="to">The time before which.</param>
/// <param name="time">Measures the wait.</param>
/// <param name="patience">How long all questions together wait until sums are up to date; null for as long as it takes.</param>
/// <param name="cancellationToken">Cancels the reading.</param>
internal sealed class MoneySums(IUsageSums sums, string tenant, DateTimeOffset from, DateTimeOffset to, TimeProvider time, TimeSpan? patience, CancellationToken cancellationToken)
{
    private readonly long _began = time.GetTimestamp();

    /// <summary>Whether what was read holds the whole journal.</summary>
    public bool IsCurrent { get; private set; } = true;

    /// <summary>Sums by day and model.</summary>
    public Task<IReadOnlyList<UsageSum>> DaysAsync() => ReadAsync(tenant, from, to, UsageDimension.Model, UsageBucket.Day);

    /// <summary>Sums by hour and model, of another span.</summary>
    /// <param name="since">Its earliest time.</param>
    /// <param name="until">The time before which.</param>
    public Task<IReadOnlyList<UsageSum>> HoursAsync(DateTimeOffset since, DateTimeOffset until) => ReadAsync(tenant, since, until, UsageDimension.Model, UsageBucket.Hour);

    /// <summary>Sums by task or key, the dearest first.</summary>
    /// <param name="by">By which.</param>
    public async Task<IReadOnlyList<UsageSum>> ByAsync(UsageDimension by) => [.. (await ReadAsync(tenant, from, to, by, UsageBucket.Span).ConfigureAwait(false)).OrderByDescending(sum => sum.SpentUsd)];

    /// <summary>Sums of all tenants, by spend.</summary>
    public async Task<IReadOnlyList<UsageSum>> TenantsAsync() => Together(await ReadAsync(null, from, to, UsageDimension.Model, UsageBucket.Span).ConfigureAwait(false), sum => sum.Tenant);

    /// <summary>Sums of days by model, the dearest first.</summary>
    /// <param name="days">What <see cref="DaysAsync"/> gave.</param>
    public static IReadOnlyList<UsageSum> Models(IReadOnlyList<UsageSum> days) => Together(days, sum => sum.Group);

    private static IReadOnlyList<UsageSum> Together(IEnumerable<UsageSum> sums, Func<UsageSum, string> group) =>
        [.. sums.GroupBy(group, StringComparer.Ordinal).Select(one => one.Aggregate((a, b) => a.Plus(b)) with { Group = one.Key }).OrderByDescending(sum => sum.SpentUsd)];

    private async Task<IReadOnlyList<UsageSum>> ReadAsync(string? whose, DateTimeOffset since, DateTimeOffset until, UsageDimension by, UsageBucket bucket)
    {
        var left = patience - time.GetElapsedTime(_began);
        var found = await sums.ReadSumsAsync(
            new UsageSumQuery { Tenant = whose, From = since, To = until, By = by, Bucket = bucket, Patience = left < TimeSpan.Zero ? TimeSpan.Zero : left }, cancellationToken).ConfigureAwait(false);
        IsCurrent &= found.IsCurrent;
        return found.Rows;
    }
}
