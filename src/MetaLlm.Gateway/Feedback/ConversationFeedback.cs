using MetaLlm.Core.Conversations;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Feedback;

/// <summary>Credits feedback on a conversation to its decisions: the same reward each, at an equal share of the weight.</summary>
/// <remarks>
/// One outcome is one piece of evidence, however many calls it took. At full weight a conversation of twenty turns would count as twenty. Propensities are those of each decision.
/// </remarks>
internal static class ConversationFeedback
{
    /// <summary>Writes out what is said of conversations as what is said of their decisions.</summary>
    /// <exception cref="ApiException">There is no conversation of that name.</exception>
    public static async ValueTask<IReadOnlyList<FeedbackSubmission>> ExpandAsync(
        ITenantEngine engine, string tenant, IReadOnlyList<FeedbackItem> items, CancellationToken cancellationToken)
    {
        var submissions = new List<FeedbackSubmission>(items.Count);
        foreach (var item in items)
        {
            if (!item.OfConversation)
            {
                submissions.Add(item.Submission);
                continue;
            }

            var turns = item.Session is { } session
                ? await engine.FindConversationAsync(tenant, null, ConversationHandle.Of(tenant, TranscriptReader.SessionKind, session), cancellationToken).ConfigureAwait(false)
                : await engine.FindConversationAsync(tenant, item.Submission.DecisionId, 0, cancellationToken).ConfigureAwait(false);
            if (turns.Count == 0)
            {
                throw new ApiException(new ApiError(
                    ErrorCode.DecisionNotFound, item.Session is null ? $"There is no decision '{item.Submission.DecisionId}'." : $"No conversation of session '{item.Session}' is remembered.", item.Field));
            }

            submissions.AddRange(turns.Select(turn => item.Submission with { DecisionId = turn, Weight = item.Submission.Weight / turns.Count }));
        }

        return submissions;
    }
}
