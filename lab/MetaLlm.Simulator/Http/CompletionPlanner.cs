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
            LogProbability = request.LogProbabilities && request.Tool is null ? Confidence(request, model, text) : null,
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

    /// <summary>An answer to a question of the catalogue shows how right it is; one to any other is none.</summary>
    private double Confidence(ChatRequest request, SimulatedModel model, string text)
    {
        if (world.Options.ConfidenceAuc is not { } auc)
        {
            return NormalConfidence.Constant;
        }

        var score = world.Catalog.TryFind(request.Question, out var task) && AnswerChecker.IsCorrect(task, text) ? 1 : 0;
        double Draw(string name) => StableHash.Uniform(world.Options.Seed, name, model.Name, request.Question, text);
        return NormalConfidence.MeanLogProbability(NormalConfidence.Distance(auc), score, Draw("confidence"), Draw("confidence, once more"));
    }

    private string? Noise(ChatRequest request, long number)
    {
        var draw = (request.Seed ?? number).ToString(CultureInfo.InvariantCulture);
        var chance = world.Options.SamplingNoise * request.Temperature;
        return StableHash.Uniform(world.Options.Seed, "noise", request.Model, request.Question, draw) < chance ? draw : null;
    }
}
