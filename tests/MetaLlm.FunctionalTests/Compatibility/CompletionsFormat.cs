using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class CompletionsFormat : Surface
{
    public override string Name => "Completions";

    public override string Path => "/v1/completions";

    public override IReadOnlyList<Feature> Features { get; } = [.. Compatibility.Features.OfText, .. Compatibility.Features.OfFailure];

    public override JsonObject Write(Question question)
    {
        var request = new JsonObject { ["model"] = question.Model, ["prompt"] = question.Text };
        if (question.Stream)
        {
            (request["stream"], request["stream_options"]) = (true, new JsonObject { ["include_usage"] = true });
        }

        return With(request, question.More);
    }

    public override Heard Read(JsonNode answer) => Read(answer, (string)answer["choices"]![0]!["text"]!, answer["usage"]);

    public override Heard ReadStream(IReadOnlyList<JsonNode> events)
    {
        var texts = events.SelectMany(data => data["choices"]!.AsArray()).Select(choice => (string?)choice!["text"]).Where(text => text is { Length: > 0 }).ToList();
        return Read(events[0], string.Concat(texts), events[^1]["usage"]) with { Pieces = texts.Count };
    }

    private static Heard Read(JsonNode answer, string text, JsonNode? usage) =>
        new((string)answer["id"]!, text, string.Empty, [], Number(usage?["prompt_tokens"]), Number(usage?["completion_tokens"]), answer);
}
