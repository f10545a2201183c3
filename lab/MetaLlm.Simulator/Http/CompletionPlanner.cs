namespace MetaLlm.Simulator.Http;

/// <summary>Decides what a model replies to a request, and what it bills.</summary>
internal sealed class CompletionPlanner(SimulatorState world)
{
    public Completion Plan(ChatRequest request, SimulatedModel model, long number)
    {
        var full = request.Tool is { } tool ? tool.ArgumentsFor(request.Question) : Reply(request, model, number);
        return Plan(request, model, number, full);
    }

    /// <summary>Decides what a judge replies.</summary>
    public Completion Plan(ChatRequest request, SimulatedJudge judge, long number) => Plan(request, judge.Model, number, JudgeReply.To(world, judge, request.Question));

    private Completion Plan(ChatRequest request, SimulatedModel model, long number, string full)
    {
        var text = request.MaxTokens is { } limit ? TokenCounter.Truncate(full, limit) : full;
        var prompt = request.Messages.Sum(message => TokenCounter.Count(message.Text) + GroundTruth.TokensPerMessage) + request.ToolTokens;
        return new Completion
        {
            Id = FormattableString.Invariant($"{(request.IsText ? "cmpl" : "chatcmpl")}-sim-{number}"),
            Created = world.Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds(),
            Model = model,
            Text = text,
            ToolName = request.Tool?.Name,
            IsText = request.IsText,
            FinishReason = text.Length < full.Length ? "length" : request.Tool is null ? "stop" : "tool_calls",
            Usage = new TokenUsage(prompt, world.PromptCache.CachedTokens(request), TokenCounter.Count(text)),
            Echo = request.UnknownFields,
        };
    }

    private string Reply(ChatRequest request, SimulatedModel model, long number) =>
        world.Catalog.TryFind(request.Question, out var task)
            ? world.Truth.ReplyTo(model, task, Noise(request, number))
            : world.Truth.ReplyToUnknown(model, request.Question);

    private string? Noise(ChatRequest request, long number)
    {
        var draw = (request.Seed ?? number).ToString(CultureInfo.InvariantCulture);
        var chance = world.Options.SamplingNoise * request.Temperature;
        return StableHash.Uniform(world.Options.Seed, "noise", request.Model, request.Question, draw) < chance ? draw : null;
    }
}
