using System.Numerics.Tensors;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;
using MetaLlm.Embeddings.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Embeddings.Tests;

[Collection(SharedModel.Name)]
public sealed class OnnxEmbedderTests(DefaultModel model)
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public async Task An_empty_list_of_texts_gives_an_empty_list_of_vectors() =>
        Assert.Empty(await model.Embedder.EmbedBatchAsync([], CancellationToken.None));

    [Fact]
    public async Task A_cancelled_call_throws_and_leaves_the_embedder_usable()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await model.Embedder.EmbedAsync("a", cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await model.Embedder.EmbedBatchAsync(["a"], cancelled.Token));
        Assert.Equal(512, (await model.Embedder.EmbedAsync("a", CancellationToken.None)).Length);
    }

    [Fact]
    public async Task A_call_that_waits_can_be_cancelled()
    {
        using var embedder = new OnnxEmbedder(model.Model, threads: 1);
        var longText = string.Join(' ', Enumerable.Repeat("hello", 200));
        var first = embedder.EmbedBatchAsync([.. Enumerable.Repeat(longText, 64)], CancellationToken.None).AsTask();
        using var cancellation = new CancellationTokenSource();
        var waiting = embedder.EmbedBatchAsync([.. Enumerable.Repeat(longText, 2000)], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(64, (await first).Count);
    }

    [Fact]
    public async Task A_disposed_embedder_refuses_work()
    {
        var embedder = new OnnxEmbedder(model.Model, threads: 1);
        embedder.Dispose();
        embedder.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await embedder.EmbedAsync("a", CancellationToken.None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void Threads_out_of_range_are_refused(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxEmbedder(model.Model, threads));

    [Theory]
    [InlineData("mean", 2.2f, 2.4f)] // ([2,0] + [6,0] + [0,6] + [3,4] + [0,2]) / 5
    [InlineData("cls", 2f, 0f)]
    public async Task A_wordpiece_model_is_pooled_over_the_tokens_that_are_present(string pooling, float x, float y)
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path, pooling);
        using var embedder = new OnnxEmbedder(EmbeddingModel.Load(directory.Path), threads: 1);

        // Together with a longer text, so that the first one is padded with [PAD], whose row is [9,9].
        var vectors = await embedder.EmbedBatchAsync(["Playing!", "playing playing!"], CancellationToken.None);
        Assert.Equal(x, vectors[0][0], Tolerance);
        Assert.Equal(y, vectors[0][1], Tolerance);
    }

    [Fact]
    public async Task Vectors_are_normalized_where_the_manifest_asks_for_it()
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path, normalize: true);
        using var embedder = new OnnxEmbedder(EmbeddingModel.Load(directory.Path), threads: 1);
        Assert.Equal(1f, TensorPrimitives.Norm(await embedder.EmbedAsync("playing!", CancellationToken.None)), Tolerance);
    }

    [Fact]
    public async Task The_prefix_is_put_before_every_text()
    {
        using var plain = new TemporaryDirectory();
        using var prefixed = new TemporaryDirectory();
        TinyModel.Write(plain.Path);
        TinyModel.Write(prefixed.Path, change: manifest => manifest["prefix"] = "play");
        using var one = new OnnxEmbedder(EmbeddingModel.Load(plain.Path), threads: 1);
        using var other = new OnnxEmbedder(EmbeddingModel.Load(prefixed.Path), threads: 1);
        AssertClose(await one.EmbedAsync("playing!", CancellationToken.None), await other.EmbedAsync("ing!", CancellationToken.None));
    }

    [Theory]
    [InlineData("output", "pooled", "The network has no output pooled")]
    [InlineData("tokenIdsInput", "ids", "The network has no input ids")]
    [InlineData("tokenTypesInput", null, "The network's input token_type_ids is not in the manifest.")]
    [InlineData("pooling", "none", "The network does not run: Output last_hidden_state has")]
    public void A_network_that_does_not_fit_its_manifest_is_refused(string field, string? value, string error)
    {
        using var directory = new TemporaryDirectory();
        TinyModel.Write(directory.Path, change: manifest => manifest["network"]![field] = value);
        var exception = Assert.Throws<InvalidModelException>(() => new OnnxEmbedder(EmbeddingModel.Load(directory.Path), threads: 1));
        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_network_is_refused()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(directory.Path, "broken.onnx"), "no network");
        TinyModel.Write(directory.Path, change: manifest =>
        {
            manifest["network"]!["file"] = "broken.onnx";
            manifest["sha256"]!["broken.onnx"] = TinyModel.Hash(directory.Path, "broken.onnx");
        });
        var exception = Assert.Throws<InvalidModelException>(() => new OnnxEmbedder(EmbeddingModel.Load(directory.Path), threads: 1));
        Assert.Contains("broken.onnx cannot be loaded", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }
}
