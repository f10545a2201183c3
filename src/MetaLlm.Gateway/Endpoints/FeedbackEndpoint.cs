using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Feedback;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/feedback</c>. A receipt that says accepted means durable.</summary>
internal sealed class FeedbackEndpoint(ITenantEngine engine, RoutingService routing, PendingSettlements settlements, SettingsStore settings)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var limits = settings.Current.Limits;
        var body = await RequestBodyReader.ReadAsync(context, limits.BodyBytes).ConfigureAwait(false);
        IReadOnlyList<FeedbackSubmission> items;
        bool isBatch;
        using (var document = RequestBodyReader.Parse(body))
        {
            var key = context.Request.Headers.TryGetValue(MetaLlmHeaders.IdempotencyKey, out var header) ? header.ToString().Trim() : null;
            (items, isBatch) = FeedbackReader.Read(document.RootElement, key, limits.FeedbackItems);
        }

        using var activity = RoutingActivities.Feedback(tenant.Id, items.Count, items[0].DecisionId);

        // What a call cost comes before what it was worth, so that the reward is learned at its price.
        foreach (var item in items)
        {
            await settlements.WaitAsync(tenant.Id, item.DecisionId, context.RequestAborted).ConfigureAwait(false);
        }

        var taken = await ReportAsync(tenant.Id, items, isBatch, context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<FeedbackReceipt> receipts = taken.Count == 0
            ? []
            : await engine.SubmitFeedbackAsync(tenant.Id, taken, context.RequestAborted).ConfigureAwait(false);
        if (isBatch)
        {
            return new ApiResult<ListBody<FeedbackReceiptBody>>(new ListBody<FeedbackReceiptBody> { Data = [.. Views(items, taken, receipts)] });
        }

        var receipt = receipts[0];
        return receipt.Status == FeedbackStatus.UnknownDecision
            ? throw new ApiException(ErrorCode.DecisionNotFound, $"There is no decision '{receipt.DecisionId}'.", "decision_id")
            : new ApiResult<FeedbackReceiptBody>(View(receipt));
    }

    /// <summary>Settles what callers report on calls of their own. What a call cost comes before what it was worth, so that the reward is learned at its price.</summary>
    /// <returns>The items to record: those that report on a call of the gateway are left out.</returns>
    /// <exception cref="ApiException">The only item does so.</exception>
    private async Task<List<FeedbackSubmission>> ReportAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> items, bool isBatch, CancellationToken cancellationToken)
    {
        var taken = new List<FeedbackSubmission>(items.Count);
        foreach (var item in items)
        {
            if (item.Outcome is not { } outcome || await routing.ReportAsync(tenant, outcome, cancellationToken).ConfigureAwait(false))
            {
                taken.Add(item);
            }
            else if (!isBatch)
            {
                throw new ApiException(
                    ErrorCode.OutcomeNotReportable,
                    $"Decision '{outcome.DecisionId}' is a call of the gateway, which settles it by itself; 'usage', 'cost_usd' and 'latency_ms' are for decisions of POST /v1/route.",
                    outcome.Usage is not null ? "usage" : outcome.CostUsd is not null ? "cost_usd" : "latency_ms");
            }
        }

        return taken;
    }

    private static IEnumerable<FeedbackReceiptBody> Views(
        IReadOnlyList<FeedbackSubmission> items, List<FeedbackSubmission> taken, IReadOnlyList<FeedbackReceipt> receipts)
    {
        var next = 0;
        foreach (var item in items)
        {
            yield return next < taken.Count && ReferenceEquals(item, taken[next])
                ? View(receipts[next++])
                : new FeedbackReceiptBody { DecisionId = item.DecisionId, Status = ReceiptStatus.OutcomeNotReportable, Sequence = null };
        }
    }

    private static FeedbackReceiptBody View(FeedbackReceipt receipt) => new()
    {
        DecisionId = receipt.DecisionId,
        Status = receipt.Status switch
        {
            FeedbackStatus.Accepted => ReceiptStatus.Accepted,
            FeedbackStatus.Duplicate => ReceiptStatus.Duplicate,
            _ => ReceiptStatus.UnknownDecision,
        },
        Sequence = receipt.Sequence,
    };
}
