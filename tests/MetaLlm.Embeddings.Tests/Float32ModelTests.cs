using MetaLlm.Embeddings.Tests.Support;

namespace MetaLlm.Embeddings.Tests;

public sealed class Float32ModelTests(Float32Model model) : ShippedModelTests(model, leastCosine: 0.999f), IClassFixture<Float32Model>
{
    [Fact]
    public void It_is_its_own_space() => Assert.Equal(("use-lite-en-1", "use-lite-en-1"), (model.Model.Info.Name, model.Model.Info.Id));
}
