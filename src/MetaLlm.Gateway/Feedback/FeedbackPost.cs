namespace MetaLlm.Gateway.Feedback;

/// <summary>A post to the feedback endpoint.</summary>
/// <param name="Items">What it holds, at least one.</param>
/// <param name="IsBatch">Whether it came as a list, so that receipts go back as one.</param>
internal sealed record FeedbackPost(IReadOnlyList<FeedbackItem> Items, bool IsBatch);
