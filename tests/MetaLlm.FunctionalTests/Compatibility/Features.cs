using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What clients of several formats ask for.</summary>
internal static class Features
{
    public static IReadOnlyList<Feature> OfText { get; } =
    [
        new("plain", async probe =>
        {
            var heard = await probe.AskAsync(probe.Question);
            Unmet.Unless(heard.Text.Length > 0, "There is no text.");
            Unmet.Unless((await probe.Gateway.Alpha.PostAsync("/v1/feedback", new { id = heard.Id, reward = 1 })).Status == HttpStatusCode.OK, "Feedback does not take the answer's id.");
        }),
        new("stream", async probe => Unmet.Unless((await probe.AskAsync(probe.Question with { Stream = true })).Pieces > 1, "The text comes in one piece.")),
        new("count of tokens", probe => CountAsync(probe, probe.Question)),
        new("count of tokens of a stream", probe => CountAsync(probe, probe.Question with { Stream = true })),
    ];

    public static IReadOnlyList<Feature> OfTools { get; } =
    [
        new("tools over several steps", probe => CallAsync(probe, probe.Question with { Tools = ["weather"] })),
        new("tools over several steps, streamed", probe => CallAsync(probe, probe.Question with { Tools = ["weather"], Stream = true })),
        new("a tool that must be called", async probe =>
        {
            var heard = await probe.AskAsync(probe.Question with { Tools = ["weather"], MustCall = true });
            Unmet.Unless(heard.Calls is [{ Name: "weather" }], "The model does not call it.");
        }),
        new("several calls at once", probe => CallBothAsync(probe, isStream: false)),
        new("several calls at once, streamed", probe => CallBothAsync(probe, isStream: true)),
    ];

    public static IReadOnlyList<Feature> OfContent { get; } =
    [
        new("structured output", probe => FillAsync(probe, probe.Question with { HasForm = true })),
        new("structured output, streamed", probe => FillAsync(probe, probe.Question with { HasForm = true, Stream = true })),
        new("an image", probe => SeeAsync(probe, probe.Question with { HasImage = true })),
        new("a document", probe => SeeAsync(probe, probe.Question with { HasDocument = true })),
        new("reasoning", probe => ThinkAsync(probe, probe.Question with { Thinks = true })),
        new("reasoning, streamed", probe => ThinkAsync(probe, probe.Question with { Thinks = true, Stream = true })),
        new("reasoning that goes back with results of tools", async probe =>
        {
            var heard = await probe.ConverseAsync(probe.Question with { Thinks = true, Tools = ["weather"] });
            Unmet.Unless(heard.Count > 1, "The model calls no tool.");
            Unmet.Unless(heard[0].Thought.Length > 0, "The answer shows no reasoning.");
        }),
    ];

    /// <summary>Members that go on to the model.</summary>
    public static IEnumerable<Feature> Passing(params (string Name, string Members)[] all) => all.Select(one => new Feature(one.Name, probe => probe.PassAsync(one.Members)));

    public static IReadOnlyList<Feature> OfFailure { get; } =
    [
        new("what the model objects to is told", async probe =>
        {
            var refused = await RefusedAsync(probe, $"{probe.Kind}-objecting");
            Unmet.Unless(refused is { Status: HttpStatusCode.BadRequest, Said.Length: > 0 }, refused.ToString());
        }),
        new("a model that fails is told", async probe =>
        {
            var refused = await RefusedAsync(probe, $"{probe.Kind}-failing");
            Unmet.Unless(refused is { Status: HttpStatusCode.BadGateway, Code: "upstream_failed" }, refused.ToString());
        }),
        new("a client that leaves is settled", async probe =>
        {
            using var response = await probe.Gateway.Alpha.StreamAsync(probe.Surface.Write(new Question($"{probe.Kind}-staying") { Stream = true }), probe.Surface.Path);
            await Refused.ThrowAsync(response);
            var id = response.Headers.GetValues("x-metallm-decision-id").Single();
            response.Dispose();
            await Eventually.ReadAsync("the call is settled as aborted", () => probe.Gateway.Alpha.GetAsync($"/v1/decisions/{id}"), IsAborted, reply => reply.Text);
        }),
    ];

    private static bool IsAborted(Reply reply) =>
        reply.Json.GetProperty("settlement") is { ValueKind: JsonValueKind.Object } settled && settled.GetProperty("outcome").GetString() == "aborted";

    private static async Task CountAsync(Probe probe, Question question)
    {
        var heard = await probe.AskAsync(question);
        Unmet.Unless(heard is { Input: > 0, Output: > 0 }, "There is no count.");
    }

    private static async Task CallAsync(Probe probe, Question question)
    {
        var heard = await probe.ConverseAsync(question);
        Unmet.Unless(heard.Count > 1, "The model calls no tool.");
        Unmet.Unless(heard.SelectMany(answer => answer.Calls).All(call => call.Name == "weather" && JsonNode.Parse(call.Arguments) is JsonObject), "A call has no object of arguments.");
        Unmet.Unless(heard[^1].Text.Length > 0, "There is no text in the end.");
    }

    private static async Task CallBothAsync(Probe probe, bool isStream)
    {
        var heard = await probe.ConverseAsync(probe.Question with { Tools = ["weather", "time"], Stream = isStream });
        Unmet.Unless(heard.Count > 1, "The model calls no tool.");
        Unmet.Unless(heard[0].Calls.Select(call => (call.Name, call.Id)).Distinct().Count() == 2, "The model calls one tool.");
        Unmet.Unless(heard[^1].Text.Length > 0, "There is no text in the end.");
    }

    private static async Task FillAsync(Probe probe, Question question)
    {
        var text = (await probe.AskAsync(question)).Text;
        Unmet.Unless(text.StartsWith('{') && JsonNode.Parse(text)!["answer"] is not null, "The answer does not have the form.");
    }

    /// <summary>Models of the tests say what they were shown.</summary>
    private static async Task SeeAsync(Probe probe, Question question) =>
        Unmet.Unless((await probe.AskAsync(question)).Text.StartsWith("I see", StringComparison.Ordinal), "The model takes it and does not look at it.");

    private static async Task ThinkAsync(Probe probe, Question question) => Unmet.Unless((await probe.AskAsync(question)).Thought.Length > 0, "The answer shows no reasoning.");

    private static async Task<Refused> RefusedAsync(Probe probe, string model)
    {
        try
        {
            await probe.AskAsync(new Question(model));
        }
        catch (Refused refused) when (refused.IsOfModel)
        {
            return refused;
        }

        throw new Unmet("The model answers.");
    }
}
