using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class EmbeddingsFormat : Surface
{
    public override string Name => "Embeddings";

    public override string Path => "/v1/embeddings";

    public override IReadOnlyList<Feature> Features { get; } =
    [
        new("one text", probe => EmbedAsync(probe, 1, new JsonObject { ["input"] = "red apples" })),
        new("several texts", probe => EmbedAsync(probe, 2, new JsonObject { ["input"] = new JsonArray("red apples", "blue whales") })),
        new("base64", probe => EmbedAsync(probe, 1, new JsonObject { ["input"] = "red apples", ["encoding_format"] = "base64" })),
        new("fewer dimensions", probe => EmbedAsync(probe, 1, new JsonObject { ["input"] = "red apples", ["dimensions"] = 8 }, 8)),
    ];

    public override JsonObject Write(Question question) => With(new JsonObject { ["model"] = $"{question.Model}-vectors" }, question.More);

    public override Heard Read(JsonNode answer) => throw new NotSupportedException();

    public override Heard ReadStream(IReadOnlyList<JsonNode> events) => throw new NotSupportedException();

    private static async Task EmbedAsync(Probe probe, int count, JsonObject more, int dimensions = UpstreamKind.Dimensions)
    {
        var answer = await probe.PostAsync(probe.Question with { More = more });
        var vectors = answer["data"]!.AsArray().Select(item => item!["embedding"]!).ToList();
        Unmet.Unless(vectors.Count == count, $"There are {vectors.Count} vectors.");
        Unmet.Unless(vectors.TrueForAll(vector => Length(vector) == dimensions), "A vector has another length than was asked for.");
        Unmet.Unless(Number(answer["usage"]!["prompt_tokens"]) > 0, "There is no count.");
    }

    private static int Length(JsonNode vector) => vector is JsonArray numbers ? numbers.Count : Convert.FromBase64String((string)vector!).Length / sizeof(float);
}
