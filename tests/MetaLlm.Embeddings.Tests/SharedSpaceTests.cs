using System.Numerics.Tensors;
using MetaLlm.Embeddings.Tests.Support;

namespace MetaLlm.Embeddings.Tests;

/// <summary>What a tenant learned with one form of the model goes on with the other: contexts that the policy sees are nearly the same.</summary>
[Collection(SharedModel.Name)]
public sealed class SharedSpaceTests(DefaultModel fast, Float32Model exact) : IClassFixture<Float32Model>
{
    [Fact]
    public void Both_forms_have_one_space_and_one_reduction_and_names_of_their_own()
    {
        Assert.Equal(exact.Model.Info.Id, fast.Model.Info.Id);
        Assert.Equal(exact.Model.Info.Reduction.Id, fast.Model.Info.Reduction.Id);
        Assert.NotEqual(exact.Model.Info.Name, fast.Model.Info.Name);
    }

    [Fact]
    public async Task Reduced_vectors_of_a_text_differ_less_than_those_of_two_texts()
    {
        var texts = Golden.All.Select(golden => golden.Text).Where(text => text.Length > 8).ToList();
        var exactly = (await exact.Embedder.EmbedBatchAsync(texts, CancellationToken.None)).Select(v => Reduce(exact, v)).ToList();
        var fastly = (await fast.Embedder.EmbedBatchAsync(texts, CancellationToken.None)).Select(v => Reduce(fast, v)).ToList();
        for (var i = 0; i < texts.Count; i++)
        {
            var own = TensorPrimitives.Distance<float>(exactly[i], fastly[i]);
            var others = Enumerable.Range(0, texts.Count).Where(j => texts[j] != texts[i]).Min(j => TensorPrimitives.Distance<float>(exactly[i], exactly[j]));
            Assert.True(own < 0.1f * TensorPrimitives.Norm<float>(exactly[i]), $"'{texts[i]}' moved by {own} of {TensorPrimitives.Norm<float>(exactly[i])}");
            Assert.True(own < others, $"'{texts[i]}' moved by {own}; its nearest neighbour is {others} away");
        }
    }

    private static float[] Reduce(ShippedModel model, float[] vector)
    {
        var reduced = new float[model.Model.Info.Reduction.OutputDimensions];
        model.Model.Info.Reduction.Apply(vector, reduced);
        return reduced;
    }
}
