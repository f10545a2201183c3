using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Tests;

public sealed class QueryEmbeddingsTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatedEmbedder _embedder = new();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_repeated_text_gets_the_vector_that_was_computed_first()
    {
        var embeddings = Embeddings(100);
        var first = await embeddings.EmbedAsync("t", "some text", default);
        Assert.Equal(FixedEmbedder.Embed("some text"), first);
        Assert.Same(first, await embeddings.EmbedAsync("t", "some text", default));
        Assert.NotSame(first, await embeddings.EmbedAsync("t", "some text.", default));
        Assert.Equal(["some text", "some text."], _embedder.Asked);
    }

    [Fact]
    public async Task Tenants_share_no_vector()
    {
        var embeddings = Embeddings(100);
        await embeddings.EmbedAsync("t", "x", default);
        await embeddings.EmbedAsync("u", "x", default);
        Assert.Equal(["x", "x"], _embedder.Asked);
    }

    [Fact]
    public async Task Equal_texts_at_the_same_time_are_embedded_once_and_none_waits_for_another_ones_patience()
    {
        using var impatient = new CancellationTokenSource();
        _embedder.Gate = new TaskCompletionSource();
        var embeddings = Embeddings(100);
        var first = embeddings.EmbedAsync("t", "x", impatient.Token).AsTask();
        var second = embeddings.EmbedAsync("t", "x", default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);

        _embedder.Gate.SetResult();
        Assert.Equal(FixedEmbedder.Embed("x"), await second.WaitAsync(Longest));
        Assert.Equal(["x"], _embedder.Asked);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var embeddings = Embeddings(100);
        _embedder.Failure = new EngineUnavailableException("No silo.");
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await embeddings.EmbedAsync("t", "x", default));
        _embedder.Failure = null;
        Assert.Equal(FixedEmbedder.Embed("x"), await embeddings.EmbedAsync("t", "x", default));
    }

    [Fact]
    public async Task No_more_vectors_are_kept_than_allowed()
    {
        var embeddings = Embeddings(10);
        for (var round = 0; round < 2; round++)
        {
            for (var text = 0; text < 100; text++)
            {
                await embeddings.EmbedAsync("t", $"text {text}", default);
            }
        }

        Assert.InRange(_embedder.Asked.Count, 190, 200);
    }

    [Fact]
    public async Task With_none_allowed_every_text_is_embedded()
    {
        var embeddings = Embeddings(0);
        await embeddings.EmbedAsync("t", "x", default);
        await embeddings.EmbedAsync("t", "x", default);
        Assert.Equal(["x", "x"], _embedder.Asked);
    }

    [Fact]
    public async Task A_text_whose_client_has_left_before_its_turn_is_never_embedded()
    {
        using var impatient = new CancellationTokenSource();
        _embedder.Gate = new TaskCompletionSource();
        var embeddings = Embeddings(100, places: 1);
        var first = embeddings.EmbedAsync("t", "x", default).AsTask();
        var left = embeddings.EmbedAsync("t", "y", impatient.Token).AsTask();
        var last = embeddings.EmbedAsync("u", "z", default).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Longest));
        Assert.Equal(["x"], _embedder.Asked);

        _embedder.Gate.SetResult();
        await first.WaitAsync(Longest);
        await last.WaitAsync(Longest);
        Assert.Equal(["x", "z"], _embedder.Asked);
    }

    [Fact]
    public async Task A_place_stays_taken_until_the_model_is_done_though_its_client_has_left()
    {
        using var impatient = new CancellationTokenSource();
        _embedder.Gate = new TaskCompletionSource();
        var embeddings = Embeddings(0, places: 1);
        var left = embeddings.EmbedAsync("t", "x", impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Longest));
        var next = embeddings.EmbedAsync("t", "y", default).AsTask();
        Assert.Equal(["x"], _embedder.Asked);

        _embedder.Gate.SetResult();
        await next.WaitAsync(Longest);
        Assert.Equal(["x", "y"], _embedder.Asked);
    }

    private QueryEmbeddings Embeddings(int kept, int places = 100)
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        return new(
            _embedder,
            new RoutingOptions { CachedEmbeddings = kept },
            new FairConcurrencyLimiter(places, Longest, TimeProvider.System, new AdmissionMetrics(meters)),
            new RoutingMetrics(meters));
    }

    private sealed class GatedEmbedder : IEmbedder
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        public TaskCompletionSource? Gate { get; set; }

        public Exception? Failure { get; set; }

        public EmbeddingModelInfo Model { get; } = new FixedEmbedder().Model;

        public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
        {
            Asked.Enqueue(text);
            if (Gate is { } gate)
            {
                await gate.Task.WaitAsync(cancellationToken);
            }

            return Failure is { } failure ? throw failure : FixedEmbedder.Embed(text);
        }

        public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not asked for here.");
    }
}
