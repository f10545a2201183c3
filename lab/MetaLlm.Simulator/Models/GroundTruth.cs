namespace MetaLlm.Simulator.Models;

/// <summary>
/// What every model would answer to every query: pure functions of (seed, model, query text), the very ones the server uses.
/// With them a caller can compute what any single model, or any rule, would have scored on the queries just routed.
/// </summary>
/// <param name="seed">The seed of the simulator.</param>
public sealed class GroundTruth(int seed)
{
    /// <summary>Prompt tokens a message costs beyond its text: role and separators.</summary>
    internal const int TokensPerMessage = 4;

    /// <summary>
    /// Whether the model's answer is right. A model whose ability rises keeps every answer it had right: the same draw is
    /// compared with a higher <see cref="SimulatedModel.ExpectedQuality"/>.
    /// </summary>
    public bool WouldAnswerCorrectly(SimulatedModel model, SimTask task)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        return IsRight(model, task, noise: null);
    }

    /// <summary>The full reply, as long as no token limit and no fault cuts it.</summary>
    public string ReplyTo(SimulatedModel model, SimTask task)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        return ReplyTo(model, task, noise: null);
    }

    /// <summary>Usage where the query is the only message and nothing is cached or cut.</summary>
    public TokenUsage UsageFor(SimulatedModel model, SimTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var reply = ReplyTo(model, task);
        return new TokenUsage(TokenCounter.Count(task.Prompt) + TokensPerMessage, 0, TokenCounter.Count(reply));
    }

    /// <summary>The price of <see cref="UsageFor"/> in USD.</summary>
    public decimal CostOf(SimulatedModel model, SimTask task)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Price.CostOf(UsageFor(model, task));
    }

    /// <summary>How long the full reply takes at a time scale of 1.</summary>
    public TimeSpan LatencyOf(SimulatedModel model, SimTask task)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.TimeToFirstToken + TimeSpan.FromSeconds(UsageFor(model, task).CompletionTokens / model.TokensPerSecond);
    }

    /// <param name="model">Who answers.</param>
    /// <param name="task">What is asked.</param>
    /// <param name="noise">Null for the model's settled answer; otherwise a text that names one sampled draw.</param>
    internal string ReplyTo(SimulatedModel model, SimTask task, string? noise)
    {
        var key = PromptText.Normalize(task.Prompt);
        var slip = (int)(StableHash.Of(seed, "slip", model.Name, key) % (ulong)task.WrongAnswers.Count);
        var answer = IsRight(model, task, noise) ? task.Answer : task.WrongAnswers[slip];
        return ReplyWriter.Solve(model, seed, key, answer, task.Difficulty);
    }

    /// <summary>The reply to a text outside the catalogue.</summary>
    internal string ReplyToUnknown(SimulatedModel model, string prompt) =>
        ReplyWriter.Decline(model, seed, PromptText.Normalize(prompt), prompt);

    private bool IsRight(SimulatedModel model, SimTask task, string? noise)
    {
        var key = PromptText.Normalize(task.Prompt);
        var draw = noise is null ? StableHash.Uniform(seed, "answer", model.Name, key) : StableHash.Uniform(seed, "answer", model.Name, key, noise);
        return draw < model.ExpectedQuality(task);
    }
}
