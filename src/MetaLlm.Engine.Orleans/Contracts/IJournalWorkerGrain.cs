using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Reads and writes the journal on behalf of callers that have none. Any silo, any number of them.</summary>
[Alias("metallm.2.journal-worker")]
internal interface IJournalWorkerGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="ITenantEngine.ProbeAsync"/>.</summary>
    [Alias("probe")]
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.SubmitFeedbackAsync"/>. What was recorded then goes to the owner by the reward stream.</summary>
    [Alias("submit-feedback")]
    ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.FindDecisionAsync"/>.</summary>
    [Alias("find-decision")]
    ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.FindDecisionsAsync"/>.</summary>
    [Alias("find-decisions")]
    ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken);
}
