using System.Numerics.Tensors;
using MetaLlm.Embeddings.Hashing;

namespace MetaLlm.Embeddings.Tests;

public sealed class HashingEmbedderTests
{
    private readonly HashingEmbedder _embedder = new();

    [Theory]
    [InlineData("")]
    [InlineData("!?")]
    [InlineData("one")]
    [InlineData("中文 and English 😀")]
    public async Task Every_text_has_a_vector_of_unit_length(string text)
    {
        var vector = await EmbedAsync(text);
        Assert.Equal(_embedder.Model.Dimensions, vector.Length);
        Assert.Equal(1f, TensorPrimitives.Norm(vector), 1e-5f);
    }

    [Fact]
    public async Task Case_and_punctuation_do_not_matter_but_the_order_of_words_does()
    {
        var vector = await EmbedAsync("Dog bites man.");
        Assert.Equal(vector, await EmbedAsync("dog  BITES, man"));
        Assert.NotEqual(vector, await EmbedAsync("man bites dog"));
    }

    [Fact]
    public async Task Texts_with_common_words_are_closer_than_others()
    {
        var text = await EmbedAsync("how do I sort a list in python");
        var near = await EmbedAsync("sort a python list");
        var far = await EmbedAsync("who won the world cup final");
        Assert.True(TensorPrimitives.Dot(text, near) > TensorPrimitives.Dot(text, far) + 0.2f);
    }

    [Fact]
    public async Task A_batch_has_the_vectors_of_its_texts()
    {
        var batch = await _embedder.EmbedBatchAsync(["a b", "c"], CancellationToken.None);
        Assert.Equal(await EmbedAsync("a b"), batch[0]);
        Assert.Equal(await EmbedAsync("c"), batch[1]);
    }

    [Theory]
    [InlineData("", 0xECBA3DF2C3383C52)]
    [InlineData("a", 0xED8170DE1919A24D)]
    public void Hashes_are_the_same_in_every_process(string text, ulong expected) =>
        Assert.Equal(expected, Fnv1A.Hash(System.Text.Encoding.UTF8.GetBytes(text), Fnv1A.OffsetBasis));

    private async Task<float[]> EmbedAsync(string text) => await _embedder.EmbedAsync(text, CancellationToken.None);
}
