using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Extensions.AI.Tests;

public sealed class EmbeddingTests
{
    [Fact]
    public async Task A_generator_serves_routing_with_vectors_of_unit_length()
    {
        using var generator = new Generator(64, text => [.. Enumerable.Range(0, 64).Select(i => i == text.Length ? 3f : 0f)]);
        var embedder = new GeneratorEmbedder(generator);

        Assert.Equal(("counting-1", 64, 64, 32), (embedder.Model.Id, embedder.Model.Dimensions, embedder.Model.Reduction.InputDimensions, embedder.Model.Reduction.OutputDimensions));
        var vectors = await embedder.EmbedBatchAsync(["a", "bb"], default);
        Assert.Equal((1f, 1f), (vectors[0][1], vectors[1][2]));
        Assert.Equal(vectors[1], await embedder.EmbedAsync("bb", default));
        Assert.Empty(await embedder.EmbedBatchAsync([], default));
    }

    [Fact]
    public async Task A_generator_that_breaks_its_promise_is_found_out()
    {
        using var wrong = new Generator(64, _ => new float[63]);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new GeneratorEmbedder(wrong).EmbedAsync("a", default));
        using var empty = new Generator(64, _ => new float[64]);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new GeneratorEmbedder(empty).EmbedAsync("a", default));
        Assert.Equal("dimensions", Assert.Throws<ArgumentException>(() => new GeneratorEmbedder(wrong, dimensions: 8)).ParamName);
        using var silent = new Generator(null, _ => []);
        Assert.Equal("dimensions", Assert.Throws<ArgumentException>(() => new GeneratorEmbedder(silent)).ParamName);
    }

    [Fact]
    public async Task The_embedder_serves_an_applications_own_searches()
    {
        var services = new ServiceCollection().AddSingleton<IEmbedder>(new FixedEmbedder());
        services.AddMetaLlmEmbeddingGenerator();
        await using var provider = services.BuildServiceProvider();
        var generator = provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();

        Assert.Equal(FixedEmbedder.Embed("hello"), (await generator.GenerateVectorAsync("hello")).ToArray());
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("fixed-8", FixedEmbedder.Dimensions), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 4 }));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "other" }));
    }

    [Fact]
    public async Task The_registered_generator_goes_before_the_model_that_travels_along()
    {
        using var generator = new Generator(64, _ => [.. Enumerable.Repeat(1f, 64)]);
        await using var provider = new ServiceCollection().AddLogging().AddMetaLlmEmbeddings().AddMetaLlmEmbedder(_ => generator, "mine-1").BuildServiceProvider();
        Assert.Equal("mine-1", provider.GetRequiredKeyedService<IEmbedder>(LocalServices.Key).Model.Id);
    }

    private sealed class Generator(int? dimensions, Func<string, float[]> vector) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(value => new Embedding<float>(vector(value)))));

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, "counting-1", dimensions) : null;

        public void Dispose()
        {
        }
    }
}
