namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class OpenAiEmbeddingsClient(Uri address) : OpenAiClient(address)
{
    public override string Name => "`OpenAI`, embeddings";

    public override IReadOnlyList<(string Name, Func<string, Task> TryAsync)> Features =>
    [
        ("vectors, packed", async kind =>
        {
            var vectors = (await Client.GetEmbeddingClient($"{kind}-vectors").GenerateEmbeddingsAsync(["red apples", "blue whales"])).Value;
            Unmet.Unless(vectors.Count == 2 && vectors.All(vector => vector.ToFloats().Length == UpstreamKind.Dimensions), "The vectors are others than were asked for.");
        }),
    ];
}
