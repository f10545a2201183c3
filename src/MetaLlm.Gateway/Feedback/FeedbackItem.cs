using MetaLlm.Engine.Journal;

namespace MetaLlm.Gateway.Feedback;

/// <summary>One item of a post.</summary>
/// <param name="Session">Name of the conversation that it is on; null where it names a decision.</param>
/// <param name="OfConversation">Whether it is on a whole conversation.</param>
/// <param name="Field">The field that says which.</param>
/// <param name="Submission">What it says; of a session without the decision.</param>
internal sealed record FeedbackItem(string? Session, bool OfConversation, string Field, FeedbackSubmission Submission);
