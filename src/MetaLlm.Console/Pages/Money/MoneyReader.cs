using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>Reads what the money page and its tables show.</summary>
internal sealed class MoneyReader(TenantCatalog catalog, TimeProvider time, IUsageSums? sums = null)
{
    /// <summary>How long a page waits for sums: what was not counted by then is counted by the next question.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads it for a report, which waits until all is counted.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="from">The earliest time.</param>
    /// <param name="to">The time before which.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ApiException">The application's store keeps no sums.</exception>
    public Task<MoneyData> ReadAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(tenant, from, to, others: false, patience: null, cancellationToken);

    /// <summary>Reads it for a page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="span">How far back.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ApiException">The application's store keeps no sums.</exception>
    public Task<MoneyData> ReadAsync(string tenant, SpanOfDays span, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ReadAsync(tenant, span.From(now), now, others: true, Patience, cancellationToken);
    }

    /// <summary>Reads a table of a report, which waits until all is counted.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="table">One of <see cref="MoneyTables.Names"/>.</param>
    /// <param name="from">The earliest time.</param>
    /// <param name="to">The time before which.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The table as CSV.</returns>
    /// <exception cref="ApiException">The application's store keeps no sums.</exception>
    public Task<string> ReadCsvAsync(string tenant, string table, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadCsvAsync(tenant, table, from, to, patience: null, cancellationToken);

    /// <summary>Reads a table of the page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="table">One of <see cref="MoneyTables.Names"/>.</param>
    /// <param name="span">How far back.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The table as CSV.</returns>
    /// <exception cref="ApiException">The application's store keeps no sums.</exception>
    public Task<string> ReadCsvAsync(string tenant, string table, SpanOfDays span, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ReadCsvAsync(tenant, table, span.From(now), now, Patience, cancellationToken);
    }

    private async Task<string> ReadCsvAsync(string tenant, string table, DateTimeOffset from, DateTimeOffset to, TimeSpan? patience, CancellationToken cancellationToken) =>
        MoneyTables.Csv(await MoneyTables.ReadAsync(new MoneySums(Sums(), tenant, from, to, time, patience, cancellationToken), table).ConfigureAwait(false), table);

    private async Task<MoneyData> ReadAsync(string tenant, DateTimeOffset from, DateTimeOffset to, bool others, TimeSpan? patience, CancellationToken cancellationToken) =>
        await MoneyData.ReadAsync(Sums(), tenant, from, to, time, await BudgetsAsync(tenant, cancellationToken).ConfigureAwait(false), others, patience, cancellationToken).ConfigureAwait(false);

    private IUsageSums Sums() => sums ?? throw new ApiException(ErrorCode.ManagementDisabled, "This application's store keeps no sums of usage.");

    private async Task<BudgetSettings> BudgetsAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            return (await catalog.NamedAsync(tenant, cancellationToken).ConfigureAwait(false)).Budget;
        }
        catch (ApiException e) when (e.Error.Code == ErrorCode.TenantUnavailable)
        {
            // A tenant whose settings cannot be used has spent all the same.
            return new BudgetSettings();
        }
    }
}
