using MetaLlm.FunctionalTests.Surfaces;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official JavaScript client, installed once into artifacts/npm-openai.</summary>
public sealed class OpenAiNodeTests
{
    [NodeFact]
    public async Task It_completes_streams_embeds_lists_models_and_understands_our_errors()
    {
        var directory = await NodePackages.InstallAsync("npm-openai", ("openai", "7.57.0"));
        await using var gateway = await RunningGateway.StartAsync(EmbeddingsTests.Configuration());
        var seen = await NodePackages.RunAsync("openai-client.mjs", directory, new Uri(gateway.Address, "v1").ToString(), TestConfiguration.AlphaKey);

        Assert.StartsWith("chatcmpl-", seen.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Contains(seen.GetProperty("model").GetString(), TestConfiguration.Arms);
        Assert.NotEmpty(seen.GetProperty("text").GetString()!);
        Assert.True(seen.GetProperty("tokens").GetDouble() > 0);
        Assert.Equal(["auto", .. TestConfiguration.Arms, "sim-embed-small", "sim-embed-small-elsewhere", "sim-embed-large", "sim-embed"], seen.GetProperty("models").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal("model_not_found", seen.GetProperty("error").GetProperty("code").GetString());
        var embeddings = seen.GetProperty("embeddings");
        Assert.Equal([256, 256], embeddings.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32()));
        Assert.Equal("sim-embed-small", embeddings.GetProperty("model").GetString());
        Assert.InRange(embeddings.GetProperty("largestDifference").GetDouble(), 0, 1e-6);
        Assert.Equal((400, "input"), (embeddings.GetProperty("error").GetProperty("status").GetInt32(), embeddings.GetProperty("error").GetProperty("param").GetString()));
        Assert.NotEmpty(seen.GetProperty("old").GetString()!);
        Assert.NotEmpty(seen.GetProperty("oldText").GetString()!);
    }
}
