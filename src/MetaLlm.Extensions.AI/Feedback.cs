namespace MetaLlm.Extensions.AI;

/// <summary>What an answer was worth.</summary>
public sealed record Feedback
{
    /// <summary>The decision, or the id of the answer (<see cref="Microsoft.Extensions.AI.ChatResponse.ResponseId"/>).</summary>
    /// <value>1 to 128 characters.</value>
    public required string DecisionId { get; init; }

    /// <summary>The reward; null takes back what was said before.</summary>
    /// <value>0 to 1, or null.</value>
    public required double? Reward { get; init; }

    /// <summary>How much it counts; of no meaning for what is taken back.</summary>
    /// <value>Above 0, at most 1, which is the default.</value>
    public double Weight { get; init; } = 1;

    /// <summary>A short word that is kept with it.</summary>
    /// <value>1 to 64 characters, or null, which is the default.</value>
    public string? Label { get; init; }

    /// <summary>A remark that is kept with it and never logged.</summary>
    /// <value>1 to 4,000 characters, or null, which is the default.</value>
    public string? Comment { get; init; }

    /// <summary>
    /// The same decision with the same key is a duplicate, whatever came between; another key corrects what was said. Without a key, feedback that says what is in force already is the duplicate, and any other a correction.
    /// </summary>
    /// <value>1 to 128 characters, or null, which is the default.</value>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether it is on the whole conversation whose last turn the decision is: each of its decisions gets the reward, at an equal share of the weight.</summary>
    /// <value>False by default.</value>
    public bool OfConversation { get; init; }

    /// <summary>A thumb: up is a reward of 1, down of 0.</summary>
    /// <param name="decisionId">The decision, or the id of the answer.</param>
    /// <param name="isUp">Whether it is up.</param>
    /// <param name="comment">A remark; null for none.</param>
    public static Feedback Thumb(string decisionId, bool isUp, string? comment = null) =>
        new() { DecisionId = decisionId, Reward = isUp ? 1 : 0, Label = isUp ? "thumb_up" : "thumb_down", Comment = comment };

    /// <summary>A score.</summary>
    /// <param name="decisionId">The decision, or the id of the answer.</param>
    /// <param name="score">0 for useless to 1 for perfect.</param>
    /// <param name="comment">A remark; null for none.</param>
    public static Feedback Score(string decisionId, double score, string? comment = null) => new() { DecisionId = decisionId, Reward = score, Comment = comment };

    /// <summary>A score that replaces what was said before, also where that had an idempotency key.</summary>
    /// <param name="decisionId">The decision, or the id of the answer.</param>
    /// <param name="score">0 for useless to 1 for perfect.</param>
    /// <param name="comment">A remark, such as what the answer should have been; null for none.</param>
    public static Feedback Correction(string decisionId, double score, string? comment = null) =>
        new() { DecisionId = decisionId, Reward = score, Label = "correction", Comment = comment, IdempotencyKey = Guid.NewGuid().ToString("N") };

    /// <summary>Takes back what was said before.</summary>
    /// <param name="decisionId">The decision, or the id of the answer.</param>
    public static Feedback Withdrawal(string decisionId) => new() { DecisionId = decisionId, Reward = null };
}
