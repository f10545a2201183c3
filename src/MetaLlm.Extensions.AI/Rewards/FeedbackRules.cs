using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Feedback;

namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>What feedback may say: the same as over HTTP.</summary>
internal static class FeedbackRules
{
    /// <summary>Checks feedback.</summary>
    /// <exception cref="MetaLlmException">A member is illegal; the exception names it.</exception>
    public static void Check(Feedback feedback)
    {
        if (feedback.Reward is { } reward && !(reward is >= 0 and <= 1))
        {
            throw MetaLlmException.BadField(nameof(feedback.Reward), FormattableString.Invariant($"is {reward}; it must be a number from 0 to 1, or null to take back what was said."));
        }

        if (!(feedback.Weight is > 0 and <= 1))
        {
            throw MetaLlmException.BadField(nameof(feedback.Weight), FormattableString.Invariant($"is {feedback.Weight}; it must be a number above 0 to 1."));
        }

        CheckText(nameof(feedback.DecisionId), feedback.DecisionId ?? string.Empty, FeedbackReader.LongestId);
        CheckText(nameof(feedback.Label), feedback.Label, FeedbackReader.LongestLabel);
        CheckText(nameof(feedback.Comment), feedback.Comment, FeedbackReader.LongestComment);
        CheckText(nameof(feedback.IdempotencyKey), feedback.IdempotencyKey, FeedbackReader.LongestKey);
        if (feedback.IdempotencyKey is { } key && JournalArguments.KeyFault(key) is { } fault)
        {
            throw MetaLlmException.BadField(nameof(feedback.IdempotencyKey), fault);
        }
    }

    /// <summary>Feedback as the engine takes it.</summary>
    public static FeedbackItem ToItem(Feedback feedback) => new(Session: null, feedback.OfConversation, nameof(feedback.DecisionId), new FeedbackSubmission
    {
        DecisionId = ChatIds.ToDecision(feedback.DecisionId),
        Reward = feedback.Reward ?? 0,
        Weight = feedback.Reward is null ? 1 : feedback.Weight,
        IsWithdrawal = feedback.Reward is null,
        Label = feedback.Label,
        Comment = feedback.Comment,
        IdempotencyKey = feedback.IdempotencyKey,
    });

    private static void CheckText(string field, string? text, int longest)
    {
        if (text is not null && (text.Length < 1 || text.Length > longest))
        {
            throw MetaLlmException.BadField(field, $"has {text.Length} characters; 1 to {longest} are legal.");
        }

        if (text?.Contains('\0') == true)
        {
            throw MetaLlmException.BadField(field, "holds U+0000; every other character is legal.");
        }
    }
}
