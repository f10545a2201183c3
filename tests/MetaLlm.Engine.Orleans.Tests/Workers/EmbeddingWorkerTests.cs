using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

public sealed class EmbeddingWorkerTests : IAsyncLifetime
{
    private MetaLlmCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var store = new InMemoryStoreFixture();
        _cluster = await MetaLlmCluster.StartAsync(new SiloSetup { Journal = store.Journal, Snapshots = store.Snapshots, Client = true });
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_silo_and_a_client_get_the_silos_vectors()
    {
        foreach (var services in (IServiceProvider[])[_cluster.Silo, _cluster.Client])
        {
            var embedder = services.GetRequiredService<IEmbedder>();
            Assert.IsType<GrainEmbedder>(embedder);
            Assert.Equal(FixedEmbedder.Embed("some text"), await embedder.EmbedAsync("some text", default));
            var batch = await embedder.EmbedBatchAsync(["a", "", "c"], default);
            Assert.Equal([FixedEmbedder.Embed("a"), FixedEmbedder.Embed(""), FixedEmbedder.Embed("c")], batch);
            Assert.Empty(await embedder.EmbedBatchAsync([], default));
        }
    }

    [Fact]
    public void A_client_knows_the_silos_model_bit_for_bit()
    {
        var expected = new FixedEmbedder().Model;
        var found = _cluster.Client.GetRequiredService<IEmbedder>().Model;
        Assert.Equal((expected.Id, expected.Dimensions, expected.Reduction.Id), (found.Id, found.Dimensions, found.Reduction.Id));
        var (left, right) = (new float[2], new float[2]);
        expected.Reduction.Apply(FixedEmbedder.Embed("text"), left);
        found.Reduction.Apply(FixedEmbedder.Embed("text"), right);
        Assert.Equal(left, right);
    }

    [Fact]
    public async Task Texts_that_arrive_together_are_with_the_embedder_together()
    {
        const int Together = 16;
        var store = new InMemoryStoreFixture();
        var gathering = new GatheringEmbedder(Together);
        await using var cluster = await MetaLlmCluster.StartAsync(new SiloSetup
        {
            Journal = store.Journal,
            Snapshots = store.Snapshots,
            Embedder = gathering,
            Engine = options => options.EmbeddingWorkers = 1,
        });
        var embedder = cluster.Silo.GetRequiredService<IEmbedder>();

        // None is answered before all are there: workers that took one text at a time would never get that far.
        var vectors = await Task.WhenAll(Enumerable.Range(0, Together).Select(i => embedder.EmbedAsync($"text {i}", default).AsTask()))
            .WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Enumerable.Range(0, Together).Select(i => FixedEmbedder.Embed($"text {i}")), vectors);
    }

    private sealed class GatheringEmbedder(int together) : IEmbedder
    {
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public EmbeddingModelInfo Model { get; } = new FixedEmbedder().Model;

        public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _count) == together)
            {
                _complete.SetResult();
            }

            await _complete.Task.WaitAsync(cancellationToken);
            return FixedEmbedder.Embed(text);
        }

        public ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Not asked for here.");
    }
}
