using MetaLlm.Engine.Ports;
using MetaLlm.Evaluation.Learning;
using MetaLlm.Gateway.Http;
using MetaLlm.WebConsole.Pages.Money;

namespace MetaLlm.WebConsole.Pages.Learning;

/// <summary>Reads what the learning page shows.</summary>
internal sealed class LearningReader(TimeProvider time, ITenantJournal? journal = null, IUsageSums? sums = null)
{
    /// <summary>Whether this node has what it takes.</summary>
    public bool IsAble => journal is not null && sums is not null;

    /// <summary>Reads it for a page.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="span">How far back the curve goes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ApiException">This node has no journal, or its store keeps no sums.</exception>
    public Task<LearningData> ReadAsync(string tenant, SpanOfDays span, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ReadAsync(tenant, span.From(now), now, MoneyReader.Patience, cancellationToken);
    }

    /// <summary>Reads it for a report, which waits until all is counted.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="from">When the curve begins.</param>
    /// <param name="to">When it ends.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ApiException">This node has no journal, or its store keeps no sums.</exception>
    public Task<LearningData> ReadAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(tenant, from, to, patience: null, cancellationToken);

    private async Task<LearningData> ReadAsync(string tenant, DateTimeOffset from, DateTimeOffset to, TimeSpan? patience, CancellationToken cancellationToken) =>
        journal is null || sums is null
            ? throw new ApiException(ErrorCode.ManagementDisabled, "This node has no journal. Open the page at a node that holds tenants.")
            : await LearningData.ReadAsync(journal, sums, tenant, from, to, DecisionSample.Usual, patience, cancellationToken).ConfigureAwait(false);
}
