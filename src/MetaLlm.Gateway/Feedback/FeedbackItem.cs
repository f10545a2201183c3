using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Feedback;

/// <summary>One piece of feedback as it was posted.</summary>
/// <param name="Submission">The reward.</param>
/// <param name="Outcome">What the caller knows of a call that it made itself; null for nothing.</param>
internal sealed record FeedbackItem(FeedbackSubmission Submission, OutcomeReport? Outcome);
