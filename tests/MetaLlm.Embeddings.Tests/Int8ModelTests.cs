using MetaLlm.Embeddings.Tests.Support;

namespace MetaLlm.Embeddings.Tests;

public sealed class Int8ModelTests(Int8Model model) : ShippedModelTests(model, leastCosine: 0.997f), IClassFixture<Int8Model>
{
    [Fact]
    public void It_has_an_id_and_a_reduction_of_its_own()
    {
        Assert.Equal("use-lite-en-int8-1", model.Model.Info.Id);
        Assert.StartsWith("use-lite-en-int8-1/", model.Model.Info.Reduction.Id, StringComparison.Ordinal);
        Assert.Equal(32, model.Model.Info.Reduction.OutputDimensions);
    }
}
