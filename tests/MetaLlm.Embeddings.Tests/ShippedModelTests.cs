using System.Numerics.Tensors;
using MetaLlm.Embeddings.Tests.Support;

namespace MetaLlm.Embeddings.Tests;

/// <summary>What every model in the repository keeps: fidelity to the original, and vectors that do not depend on batches.</summary>
/// <param name="model">The model, loaded.</param>
/// <param name="leastCosine">To the vectors of the original.</param>
public abstract class ShippedModelTests(ShippedModel model, float leastCosine)
{
    private const float Tolerance = 1e-5f;

    private static readonly string[] Texts =
    [
        .. Golden.All.Select(golden => golden.Text),
        .. Enumerable.Range(1, 40).Select(words => string.Join(' ', Enumerable.Repeat("word", words))),
    ];

    public static TheoryData<int> Goldens { get; } = [.. Enumerable.Range(0, Golden.All.Count)];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void Tokens_are_those_of_the_original(int text)
    {
        var golden = Golden.All[text];
        Assert.Equal(golden.Tokens, model.Model.Tokenizer.Encode(golden.Text));
    }

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task Vectors_stay_close_to_the_original_although_numbers_have_8_bits(int text)
    {
        var golden = Golden.All[text];
        var vector = await model.Embedder.EmbedAsync(golden.Text, CancellationToken.None);
        var cosine = TensorPrimitives.CosineSimilarity(vector, golden.Vector);
        Assert.True(cosine > leastCosine, $"cosine {cosine} for '{golden.Text}'");
    }

    [Theory]
    [InlineData("~")]
    [InlineData("~ ")]
    [InlineData("a ")]
    [InlineData("Z9")]
    public void A_text_of_as_many_characters_as_are_read_whole_leaves_room_for_none_to_be_cut_off(string pattern)
    {
        var most = model.Model.Info.WholeCharacters;
        var text = string.Concat(Enumerable.Repeat(pattern, most))[..most];
        Assert.Equal(126, most);
        Assert.True(model.Model.Tokenizer.Encode(text).Length < model.Model.Manifest.Tokenizer.MaxTokens);
    }

    [Fact]
    public async Task A_text_has_the_same_vector_alone_and_in_a_batch()
    {
        var batch = await model.Embedder.EmbedBatchAsync(Texts, CancellationToken.None);
        for (var i = 0; i < Texts.Length; i++)
        {
            AssertClose(await model.Embedder.EmbedAsync(Texts[i], CancellationToken.None), batch[i]);
        }
    }

    [Fact]
    public async Task Concurrent_callers_get_the_vectors_of_their_own_texts()
    {
        var expected = await model.Embedder.EmbedBatchAsync(Texts, CancellationToken.None);
        var vectors = await Task.WhenAll(Texts.Select(text => model.Embedder.EmbedAsync(text, CancellationToken.None).AsTask()));
        for (var i = 0; i < Texts.Length; i++)
        {
            AssertClose(expected[i], vectors[i]);
        }
    }

    [Fact]
    public async Task Every_vector_has_unit_length()
    {
        foreach (var vector in await model.Embedder.EmbedBatchAsync(Texts, CancellationToken.None))
        {
            Assert.Equal(1f, TensorPrimitives.Norm(vector), Tolerance);
        }
    }

    [Fact]
    public async Task What_lies_past_the_token_limit_is_cut_off()
    {
        var limit = string.Join(' ', Enumerable.Repeat("hello", 200));
        var longer = limit + " and something quite different " + new string('x', 10_000);
        AssertClose(
            await model.Embedder.EmbedAsync(limit, CancellationToken.None),
            await model.Embedder.EmbedAsync(longer, CancellationToken.None));
    }

    [Fact]
    public async Task Texts_of_like_meaning_are_closer_than_others()
    {
        var vectors = await model.Embedder.EmbedBatchAsync(
            ["How old are you?", "What is your age?", "The stock market fell sharply today."], CancellationToken.None);
        Assert.True(TensorPrimitives.Dot(vectors[0], vectors[1]) > TensorPrimitives.Dot(vectors[0], vectors[2]) + 0.2f);
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
