using System.Numerics.Tensors;
using MetaLlm.Embeddings.Tests.Support;

namespace MetaLlm.Embeddings.Tests;

[Collection(SharedModel.Name)]
public sealed class GoldenTests(DefaultModel model)
{
    public static TheoryData<int> Texts { get; } = [.. Enumerable.Range(0, Golden.All.Count)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Tokens_are_those_of_the_original(int text)
    {
        var golden = Golden.All[text];
        Assert.Equal(golden.Tokens, model.Model.Tokenizer.Encode(golden.Text));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Vectors_stay_close_to_the_original_although_weights_have_8_bits(int text)
    {
        var golden = Golden.All[text];
        var vector = await model.Embedder.EmbedAsync(golden.Text, CancellationToken.None);
        var cosine = TensorPrimitives.CosineSimilarity(vector, golden.Vector);
        Assert.True(cosine > 0.999f, $"cosine {cosine} for '{golden.Text}'");
    }
}
