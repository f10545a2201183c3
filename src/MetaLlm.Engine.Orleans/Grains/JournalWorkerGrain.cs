using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Streams;
using MetaLlm.Engine.Tenants;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Reads and writes the journal. It keeps nothing, so that calls may interleave: most of their time they wait for a commit.</summary>
[GrainType("metallm.journal-worker")]
[StatelessWorker, Reentrant]
internal sealed class JournalWorkerGrain(TenantRuntimeFactory runtimes, RewardPublisher publisher, EngineMetrics metrics) : Grain, IJournalWorkerGrain
{
    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellationToken) => runtimes.Journal.ProbeAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(submissions);
        var receipts = await runtimes.Journal.AppendFeedbackAsync(tenant, submissions, runtimes.Time.GetUtcNow(), cancellationToken);
        metrics.RecordFeedback(tenant, receipts);

        // Durable from here on. The stream only spares the owner a look into the journal, so the acknowledgement does not wait for it.
        var recorded = receipts.Select(receipt => receipt.Recorded).OfType<RewardedEvent>().ToList();
        var settled = receipts.Select(receipt => receipt.Settled).OfType<SettledEvent>().ToList();
        foreach (var one in settled)
        {
            metrics.RecordSettled(tenant, one);
        }

        if (recorded.Count + settled.Count > 0)
        {
            publisher.Publish(tenant, recorded, recorded.Concat<TenantEvent>(settled).Max(one => one.Sequence));
        }
        else if (receipts.All(receipt => receipt.Status == FeedbackStatus.UnknownDecision))
        {
            await runtimes.Journal.RequireKnownAsync(tenant, cancellationToken);
        }

        return receipts;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        var found = await runtimes.Journal.FindDecisionAsync(tenant, decisionId, cancellationToken);
        if (found is null)
        {
            await runtimes.Journal.RequireKnownAsync(tenant, cancellationToken);
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(
        string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken)
    {
        var found = await runtimes.Journal.FindDecisionsAsync(tenant, decisionIds, cancellationToken);
        if (found.Count == 0)
        {
            await runtimes.Journal.RequireKnownAsync(tenant, cancellationToken);
        }

        return found;
    }
}
