using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Feedback;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using EngineStatus = MetaLlm.Engine.Journal.FeedbackStatus;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>Records feedback with the tenant's owner, many at a time. Safe for concurrent use.</summary>
internal sealed class FeedbackRecorder(ITenantEngine engine, LocalTenants tenants, PendingSettlements settlements) : IFeedbackRecorder
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedbackStatus>> RecordAsync(string tenant, IReadOnlyList<Feedback> feedback, CancellationToken cancellationToken) =>
        tenants.RunAsync(tenant, served => RecordServedAsync(served.Id, feedback, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<FeedbackStatus>> RecordServedAsync(string tenant, IReadOnlyList<Feedback> feedback, CancellationToken cancellationToken)
    {
        var submissions = new List<FeedbackSubmission>(feedback.Count);
        var counts = new int[feedback.Count];
        for (var i = 0; i < feedback.Count; i++)
        {
            var expanded = await ExpandAsync(tenant, feedback[i], cancellationToken).ConfigureAwait(false);
            counts[i] = expanded.Count;
            submissions.AddRange(expanded);
        }

        // What a call cost comes before what it was worth, so that the reward is learned at its price.
        await Task.WhenAll(submissions.Select(one => settlements.WaitAsync(tenant, one.DecisionId, cancellationToken))).ConfigureAwait(false);
        IReadOnlyList<FeedbackReceipt> receipts = submissions.Count == 0 ? [] : await engine.SubmitFeedbackAsync(tenant, submissions, cancellationToken).ConfigureAwait(false);
        var statuses = new FeedbackStatus[feedback.Count];
        var next = 0;
        for (var i = 0; i < statuses.Length; i++)
        {
            statuses[i] = Together(receipts.Skip(next).Take(counts[i]));
            next += counts[i];
        }

        return statuses;
    }

    private async ValueTask<IReadOnlyList<FeedbackSubmission>> ExpandAsync(string tenant, Feedback feedback, CancellationToken cancellationToken)
    {
        try
        {
            return await ConversationFeedback.ExpandAsync(engine, tenant, [FeedbackRules.ToItem(feedback)], cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Error.Code == ErrorCode.DecisionNotFound)
        {
            return [];
        }
    }

    /// <summary>Of a conversation: accepted where anything was.</summary>
    private static FeedbackStatus Together(IEnumerable<FeedbackReceipt> receipts) =>
        receipts.Select(receipt => Of(receipt.Status)).DefaultIfEmpty(FeedbackStatus.UnknownDecision).Min();

    private static FeedbackStatus Of(EngineStatus status) => status switch
    {
        EngineStatus.Accepted => FeedbackStatus.Accepted,
        EngineStatus.Duplicate => FeedbackStatus.Duplicate,
        EngineStatus.Conflict => FeedbackStatus.Conflict,
        EngineStatus.NeverRan => FeedbackStatus.NeverRan,
        _ => FeedbackStatus.UnknownDecision,
    };
}
