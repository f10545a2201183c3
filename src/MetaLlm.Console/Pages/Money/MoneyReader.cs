using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>Reads what the money page and its tables show.</summary>
internal sealed class MoneyReader(TenantAdministration administration, TimeProvider time, IUsageSums? sums = null)
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
        ReadAsync(tenant, from, to, time.GetUtcNow(), others: false, patience: null, cancellationToken);

    /// <summary>Reads it for a page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="span">How far back.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ApiException">The application's store keeps no sums.</exception>
    public Task<MoneyData> ReadAsync(string tenant, SpanOfDays span, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ReadAsync(tenant, span.From(now), now, now, others: true, Patience, cancellationToken);
    }

    private async Task<MoneyData> ReadAsync(
        string tenant, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, bool others, TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (sums is null)
        {
            throw new ApiException(ErrorCode.ManagementDisabled, "This application's store keeps no sums of usage.");
        }

        var budgets = MoneyBudgets.Of((await administration.FindAsync(tenant, cancellationToken).ConfigureAwait(false)).Document);
        return await MoneyData.ReadAsync(sums, tenant, from, to, now, budgets, others, patience, cancellationToken).ConfigureAwait(false);
    }
}
