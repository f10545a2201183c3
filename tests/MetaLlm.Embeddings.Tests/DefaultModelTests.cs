using MetaLlm.Embeddings.Tests.Support;

namespace MetaLlm.Embeddings.Tests;

[Collection(SharedModel.Name)]
public sealed class DefaultModelTests(DefaultModel model) : ShippedModelTests(model, leastCosine: 0.997f);
