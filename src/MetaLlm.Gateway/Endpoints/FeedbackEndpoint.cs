using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Feedback;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary><c>POST /v1/feedback</c>. A receipt that says accepted means durable.</summary>
internal sealed class FeedbackEndpoint(ITenantEngine engine, RoutingService routing, SettingsStore settings)
{
    private const string NotReportable = "outcome_not_reportable";

    public async Task HandleAsync(HttpContext context, TenantSettings tenant)
    {
        var limits = settings.Current.Limits;
        var body = await RequestBodyReader.ReadAsync(context, limits.BodyBytes).ConfigureAwait(false);
        FeedbackPost post;
        using (var document = RequestBodyReader.Parse(body))
        {
            var key = context.Request.Headers.TryGetValue(MetaLlmHeaders.IdempotencyKey, out var header) ? header.ToString().Trim() : null;
            post = FeedbackReader.Read(document.RootElement, key, limits.FeedbackItems);
        }

        using var activity = RoutingActivities.Feedback(tenant.Id, post.Items.Count, post.Items[0].Submission.DecisionId);
        var taken = await ReportAsync(tenant.Id, post, context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<FeedbackReceipt> receipts = taken.Count == 0
            ? []
            : await engine.SubmitFeedbackAsync(tenant.Id, [.. taken.Select(i => i.Submission)], context.RequestAborted).ConfigureAwait(false);
        if (post.IsBatch)
        {
            await ApiJson.WriteAsync(context, new { Object = "list", Data = Views(post, taken, receipts) }).ConfigureAwait(false);
            return;
        }

        var receipt = receipts[0];
        if (receipt.Status == FeedbackStatus.UnknownDecision)
        {
            throw ApiException.NotFound("decision_not_found", $"There is no decision '{receipt.DecisionId}'.", "decision_id");
        }

        await ApiJson.WriteAsync(context, View(receipt)).ConfigureAwait(false);
    }

    /// <summary>Settles what callers report on calls of their own. What a call cost comes before what it was worth, so that the reward is learned at its price.</summary>
    /// <returns>The items to record: those that report on a call of the gateway are left out.</returns>
    /// <exception cref="ApiException">The only item does so.</exception>
    private async Task<List<FeedbackItem>> ReportAsync(string tenant, FeedbackPost post, CancellationToken cancellationToken)
    {
        var taken = new List<FeedbackItem>(post.Items.Count);
        foreach (var item in post.Items)
        {
            if (item.Outcome is not { } outcome || await routing.ReportAsync(tenant, outcome, cancellationToken).ConfigureAwait(false))
            {
                taken.Add(item);
            }
            else if (!post.IsBatch)
            {
                throw ApiException.Conflict(
                    NotReportable,
                    $"Decision '{outcome.DecisionId}' is a call of the gateway, which settles it by itself; 'usage', 'cost_usd' and 'latency_ms' are for decisions of POST /v1/route.",
                    outcome.Usage is not null ? "usage" : outcome.CostUsd is not null ? "cost_usd" : "latency_ms");
            }
        }

        return taken;
    }

    private static IEnumerable<object> Views(FeedbackPost post, List<FeedbackItem> taken, IReadOnlyList<FeedbackReceipt> receipts)
    {
        var next = 0;
        foreach (var item in post.Items)
        {
            yield return next < taken.Count && ReferenceEquals(item, taken[next])
                ? View(receipts[next++])
                : View(item.Submission.DecisionId, NotReportable, null);
        }
    }

    private static object View(FeedbackReceipt receipt) => View(
        receipt.DecisionId,
        receipt.Status switch
        {
            FeedbackStatus.Accepted => "accepted",
            FeedbackStatus.Duplicate => "duplicate",
            _ => "unknown_decision",
        },
        receipt.Sequence);

    private static object View(string decisionId, string status, long? sequence) => new
    {
        Object = "metallm.feedback",
        DecisionId = decisionId,
        Status = status,
        Sequence = sequence,
    };
}
