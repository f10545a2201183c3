using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Feedback;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/feedback</c>. A receipt that says accepted means durable.</summary>
internal sealed class FeedbackEndpoint(ITenantEngine engine, OutcomeReports reports, PendingSettlements settlements, SettingsStore settings, BodyMemory memory)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var tenant = context.Tenant();
        var limits = settings.Current.Limits;
        var body = await RequestBodyReader.ReadAsync(context, limits.BodyBytes, memory).ConfigureAwait(false);
        IReadOnlyList<FeedbackItem> read;
        bool isBatch;
        using (var document = RequestBodyReader.Parse(body))
        {
            var key = context.Request.Headers.TryGetValue(MetaLlmHeaders.IdempotencyKey, out var header) ? header.ToString().Trim() : null;
            (read, isBatch) = FeedbackReader.Read(document.RootElement, key, limits.FeedbackItems);
        }

        // Of a conversation there is a receipt for each of its decisions.
        isBatch |= read.Any(item => item.OfConversation);
        var items = await ConversationFeedback.ExpandAsync(engine, tenant.Id, read, context.RequestAborted).ConfigureAwait(false);
        using var activity = RoutingActivities.Feedback(tenant.Id, items.Count, items[0].DecisionId);

        // What a call cost comes before what it was worth, so that the reward is learned at its price.
        foreach (var item in items)
        {
            await settlements.WaitAsync(tenant.Id, item.DecisionId, context.RequestAborted).ConfigureAwait(false);
        }

        var taken = await PriceAsync(tenant.Id, items, isBatch, context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<FeedbackReceipt> receipts = taken.Count == 0
            ? []
            : await engine.SubmitFeedbackAsync(tenant.Id, [.. taken.Select(one => one.Priced)], context.RequestAborted).ConfigureAwait(false);
        return isBatch
            ? new ApiResult<ListBody<FeedbackReceiptBody>>(new ListBody<FeedbackReceiptBody> { Data = [.. Views(items, taken, receipts)] })
            : new ApiResult<FeedbackReceiptBody>(Refuse(receipts[0]) is { } error ? throw new ApiException(error) : View(receipts[0]));
    }

    /// <summary>
    /// Turns what callers report on calls of their own into settlements, which are recorded with the rewards. What a call cost comes before what it was worth, so that the reward is
    /// learned at its price.
    /// </summary>
    /// <returns>The items to record, with their settlements: those that report on a call of the gateway are left out.</returns>
    /// <exception cref="ApiException">The only item does so.</exception>
    private async Task<List<(FeedbackSubmission Item, FeedbackSubmission Priced)>> PriceAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> items, bool isBatch, CancellationToken cancellationToken)
    {
        var priced = await reports.PriceAsync(tenant, [.. items.Select(item => item.Outcome).OfType<OutcomeReport>()], cancellationToken).ConfigureAwait(false);
        var taken = new List<(FeedbackSubmission, FeedbackSubmission)>(items.Count);
        var next = 0;
        foreach (var item in items)
        {
            var report = item.Outcome is null ? default : priced[next++];
            if (!report.IsOwnCall)
            {
                taken.Add((item, report.Settlement is null ? item : item with { Settlement = report.Settlement }));
            }
            else if (!isBatch)
            {
                throw new ApiException(
                    ErrorCode.OutcomeNotReportable,
                    $"Decision '{item.DecisionId}' is a call of the gateway, which settles it by itself; 'usage', 'cost_usd' and 'latency_ms' are for decisions of POST /v1/route.",
                    item.Outcome!.Usage is not null ? "usage" : item.Outcome.CostUsd is not null ? "cost_usd" : "latency_ms");
            }
        }

        return taken;
    }

    private static ApiError? Refuse(FeedbackReceipt receipt) => receipt.Status switch
    {
        FeedbackStatus.UnknownDecision => new ApiError(ErrorCode.DecisionNotFound, $"There is no decision '{receipt.DecisionId}'.", "decision_id"),
        FeedbackStatus.Conflict => new ApiError(
            ErrorCode.IdempotencyConflict, "The idempotency key came with other content before; nothing was changed. Another key corrects what was said.", "idempotency_key"),
        FeedbackStatus.NeverRan => new ApiError(
            ErrorCode.NeverRan, $"The call of decision '{receipt.DecisionId}' gave no answer, so that there is nothing to judge.", "decision_id"),
        _ => null,
    };

    private static IEnumerable<FeedbackReceiptBody> Views(
        IReadOnlyList<FeedbackSubmission> items, List<(FeedbackSubmission Item, FeedbackSubmission Priced)> taken, IReadOnlyList<FeedbackReceipt> receipts)
    {
        var next = 0;
        foreach (var item in items)
        {
            yield return next < taken.Count && ReferenceEquals(item, taken[next].Item)
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
            FeedbackStatus.Conflict => ReceiptStatus.IdempotencyConflict,
            FeedbackStatus.NeverRan => ReceiptStatus.NeverRan,
            _ => ReceiptStatus.UnknownDecision,
        },
        Sequence = receipt.Sequence,
    };
}
