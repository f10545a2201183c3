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

        // What a call cost comes before what it was worth, so that the reward is learned at its price.
        foreach (var outcome in post.Items.Select(i => i.Outcome).OfType<OutcomeReport>())
        {
            await routing.ReportAsync(tenant.Id, outcome, context.RequestAborted).ConfigureAwait(false);
        }

        var receipts = await engine.SubmitFeedbackAsync(tenant.Id, [.. post.Items.Select(i => i.Submission)], context.RequestAborted).ConfigureAwait(false);
        if (post.IsBatch)
        {
            await ApiJson.WriteAsync(context, new { Object = "list", Data = receipts.Select(View) }).ConfigureAwait(false);
            return;
        }

        var receipt = receipts[0];
        if (receipt.Status == FeedbackStatus.UnknownDecision)
        {
            throw ApiException.NotFound("decision_not_found", $"There is no decision '{receipt.DecisionId}'.", "decision_id");
        }

        await ApiJson.WriteAsync(context, View(receipt)).ConfigureAwait(false);
    }

    private static object View(FeedbackReceipt receipt) => new
    {
        Object = "metallm.feedback",
        receipt.DecisionId,
        Status = receipt.Status switch
        {
            FeedbackStatus.Accepted => "accepted",
            FeedbackStatus.Duplicate => "duplicate",
            _ => "unknown_decision",
        },
        receipt.Sequence,
    };
}
