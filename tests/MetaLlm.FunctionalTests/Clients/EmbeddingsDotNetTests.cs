using System.ClientModel;
using MetaLlm.FunctionalTests.Surfaces;
using OpenAI;
using OpenAI.Embeddings;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official .NET client, which asks for base64 and unpacks it.</summary>
public sealed class EmbeddingsDotNetTests : IAsyncLifetime
{
    private RunningGateway _gateway = null!;
    private OpenAIClient _client = null!;

    public async Task InitializeAsync()
    {
        _gateway = await RunningGateway.StartAsync(EmbeddingsTests.Configuration());
        _client = new OpenAIClient(new ApiKeyCredential(TestConfiguration.AlphaKey), new OpenAIClientOptions { Endpoint = new Uri(_gateway.Address, "v1") });
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task It_embeds_one_text_and_a_batch()
    {
        var client = _client.GetEmbeddingClient("auto");
        var one = (await client.GenerateEmbeddingAsync("red apples")).Value.ToFloats();
        var batch = (await client.GenerateEmbeddingsAsync(["red apples", "blue whales"], new EmbeddingGenerationOptions { Dimensions = 32, EndUserId = "someone" })).Value;
        Assert.Equal(256, one.Length);
        Assert.Equal([32, 32], batch.Select(item => item.ToFloats().Length));
        Assert.Equal(("sim-embed-small", true), (batch.Model, batch.Usage.InputTokenCount > 0));
    }

    [Fact]
    public async Task It_understands_our_errors()
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetEmbeddingClient("ada").GenerateEmbeddingAsync("x"));
        Assert.Equal(404, failure.Status);
        Assert.Contains("'ada'", failure.Message, StringComparison.Ordinal);
    }
}
