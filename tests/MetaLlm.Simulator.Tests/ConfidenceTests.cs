namespace MetaLlm.Simulator.Tests;

public sealed class ConfidenceTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public async Task Log_probabilities_tell_right_answers_from_wrong_ones_as_often_as_stated(double auc)
    {
        await using var simulator = await RunningSimulator.StartAsync(options => options with { ConfidenceAuc = auc, TasksPerType = 60 });
        List<double> right = [], wrong = [];
        foreach (var task in simulator.Server.Catalog.Tasks)
        {
            var choice = await ChoiceAsync(simulator, task, true);
            var tokens = choice.GetProperty("logprobs").GetProperty("content").EnumerateArray().ToList();
            var text = choice.GetProperty("message").GetProperty("content").GetString();
            Assert.Equal(text, string.Concat(tokens.Select(token => token.GetProperty("token").GetString())));
            var mean = tokens.Average(token => token.GetProperty("logprob").GetDouble());
            Assert.InRange(mean, -5, 0);
            (AnswerChecker.IsCorrect(task, text) ? right : wrong).Add(mean);
        }

        // The share of pairs in which the right answer shows more, and its standard error for the fewer of the two.
        var share = right.Average(one => wrong.Average(other => one > other ? 1.0 : one == other ? 0.5 : 0));
        var error = 0.6 / Math.Sqrt(Math.Min(right.Count, wrong.Count));
        Assert.InRange(share, auc - (3 * error), auc + (3 * error));
        Assert.True(right.Count > 100 && wrong.Count > 100, $"{right.Count} right, {wrong.Count} wrong.");
    }

    [Fact]
    public async Task Without_a_quality_all_are_the_same_and_nobody_who_does_not_ask_is_told()
    {
        await using var simulator = await RunningSimulator.StartAsync(options => options with { ConfidenceAuc = null });
        var told = new HashSet<double>();
        foreach (var task in simulator.Server.Catalog.Tasks.Take(20))
        {
            told.Add((await ChoiceAsync(simulator, task, true)).GetProperty("logprobs").GetProperty("content")[0].GetProperty("logprob").GetDouble());
            Assert.Equal(JsonValueKind.Null, (await ChoiceAsync(simulator, task, false)).GetProperty("logprobs").ValueKind);
        }

        Assert.Equal([NormalConfidence.Constant], told);
    }

    [Fact]
    public async Task A_stream_tells_the_same_piece_by_piece()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        var task = simulator.AnyTask;
        var whole = (await ChoiceAsync(simulator, task, true)).GetProperty("logprobs").GetProperty("content")[0].GetProperty("logprob").GetDouble();
        using var response = await simulator.PostAsync(RunningSimulator.With(RunningSimulator.Chat("sim-nano", task.Prompt), ("stream", true), ("logprobs", true)));
        var events = await response.Content.ReadAsStringAsync();
        var streamed = events.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement.GetProperty("choices")[0].GetProperty("logprobs"))
            .Where(logprobs => logprobs.ValueKind == JsonValueKind.Object)
            .SelectMany(logprobs => logprobs.GetProperty("content").EnumerateArray().Select(token => token.GetProperty("logprob").GetDouble()))
            .ToList();
        Assert.NotEmpty(streamed);
        Assert.All(streamed, logarithm => Assert.Equal(whole, logarithm));
    }

    private static async Task<JsonElement> ChoiceAsync(RunningSimulator simulator, SimTask task, bool asks)
    {
        using var response = await simulator.PostAsync(RunningSimulator.With(RunningSimulator.Chat("sim-nano", task.Prompt), ("logprobs", asks)));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("choices")[0];
    }
}
