using MetaLlm.Embeddings.Caching;
using MetaLlm.Embeddings.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;

namespace MetaLlm.Embeddings.Tests;

public sealed class EmbeddingCacheTests : IDisposable
{
    private static readonly EmbeddingModelInfo Model = new CountingEmbedder().Model;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_vector_is_found_again_after_reopening()
    {
        using (var cache = Open())
        {
            await AddAsync(cache, "a", [1, 2]);
        }

        using (var cache = Open())
        {
            await AssertFoundAsync(cache, "a", [1, 2]);
            Assert.Null(await FindAsync(cache, "b"));
            Assert.Equal(1, cache.Count);
        }
    }

    [Fact]
    public async Task A_torn_tail_costs_only_the_record_that_was_torn()
    {
        using (var cache = Open())
        {
            await AddAsync(cache, "a", [1, 2]);
            await AddAsync(cache, "b", [3, 4]);
        }

        var file = Assert.Single(Segments());
        using (var stream = new FileStream(file, FileMode.Open))
        {
            stream.SetLength(stream.Length - 5);
        }

        using (var cache = Open())
        {
            await AssertFoundAsync(cache, "a", [1, 2]);
            Assert.Null(await FindAsync(cache, "b"));
            await AddAsync(cache, "b", [3, 4]);
            await AddAsync(cache, "c", [5, 6]);
        }

        using (var cache = Open())
        {
            await AssertFoundAsync(cache, "b", [3, 4]);
            await AssertFoundAsync(cache, "c", [5, 6]);
        }
    }

    [Fact]
    public async Task A_damaged_record_counts_as_absent_and_can_be_written_again()
    {
        using (var cache = Open())
        {
            await AddAsync(cache, "a", [1, 2]);
        }

        var file = Assert.Single(Segments());
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[TextKey.Length] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        using (var cache = Open())
        {
            Assert.Null(await FindAsync(cache, "a"));
            Assert.Equal(0, cache.Count);
            await AddAsync(cache, "a", [7, 8]);
        }

        using (var cache = Open())
        {
            await AssertFoundAsync(cache, "a", [7, 8]);
        }
    }

    [Fact]
    public async Task Two_caches_write_one_directory_at_the_same_time()
    {
        using (var one = Open())
        using (var other = Open())
        {
            await Task.WhenAll(
                Task.Run(() => FillAsync(one, "one")),
                Task.Run(() => FillAsync(other, "other")));
        }

        using var cache = Open();
        Assert.Equal(200, cache.Count);
        for (var i = 0; i < 100; i++)
        {
            await AssertFoundAsync(cache, $"one {i}", [i, 1]);
            await AssertFoundAsync(cache, $"other {i}", [i, 1]);
        }

        static async Task FillAsync(EmbeddingCache cache, string name)
        {
            for (var i = 0; i < 100; i++)
            {
                await AddAsync(cache, $"{name} {i}", [i, 1]);
            }
        }
    }

    [Fact]
    public async Task Concurrent_adds_to_one_cache_keep_all()
    {
        using var cache = Open();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => AddAsync(cache, $"text {i}", [i, -i]))));
        for (var i = 0; i < 100; i++)
        {
            await AssertFoundAsync(cache, $"text {i}", [i, -i]);
        }
    }

    [Fact]
    public async Task Models_do_not_share_vectors()
    {
        using var one = Open();
        using var other = EmbeddingCache.Open(_directory.Path, new CountingEmbedder("counting_1").Model);
        using var third = EmbeddingCache.Open(_directory.Path, new CountingEmbedder("counting/1").Model);
        await AddAsync(one, "a", [1, 2]);
        await AddAsync(other, "a", [3, 4]);
        await AssertFoundAsync(one, "a", [1, 2]);
        Assert.Null(await FindAsync(third, "a"));
        Assert.Equal(3, Directory.GetDirectories(_directory.Path).Length);
    }

    [Fact]
    public async Task Vectors_of_the_wrong_length_are_refused_and_none_is_stored()
    {
        using var cache = Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await cache.AddAsync(["a", "b"], [[1, 2], [1]], CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await cache.AddAsync(["a", "b"], [[1, 2]], CancellationToken.None));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public async Task A_cached_embedder_asks_the_model_once_per_text()
    {
        var inner = new CountingEmbedder();
        using var cache = Open();
        var embedder = new CachedEmbedder(inner, cache);
        var first = await embedder.EmbedAsync("one", CancellationToken.None);
        var batch = await embedder.EmbedBatchAsync(["three", "one", "three", "seven"], CancellationToken.None);
        Assert.Equal(first, batch[1]);
        Assert.Equal([5f, 3f, 5f, 5f], batch.Select(vector => vector[0]));
        Assert.Equal(batch[0], batch[2]);
        Assert.NotSame(batch[0], batch[2]);
        Assert.Equal(3, inner.Asked);
        Assert.Equal(first, await embedder.EmbedAsync("one", CancellationToken.None));
        Assert.Equal(3, inner.Asked);
        Assert.Same(inner.Model, embedder.Model);
    }

    [Fact]
    public void A_cache_of_another_model_is_refused()
    {
        using var cache = Open();
        Assert.Throws<ArgumentException>(() => new CachedEmbedder(new CountingEmbedder("other-1"), cache));
    }

    private static async Task AddAsync(EmbeddingCache cache, string text, float[] vector) =>
        await cache.AddAsync([text], [vector], CancellationToken.None);

    private static async Task<float[]?> FindAsync(EmbeddingCache cache, string text) => await cache.FindAsync(text, CancellationToken.None);

    private static async Task AssertFoundAsync(EmbeddingCache cache, string text, float[] expected) =>
        Assert.Equal(expected, await FindAsync(cache, text) ?? []);

    private EmbeddingCache Open() => EmbeddingCache.Open(_directory.Path, Model);

    private string[] Segments() => Directory.GetFiles(_directory.Path, "*.vectors", SearchOption.AllDirectories);
}
