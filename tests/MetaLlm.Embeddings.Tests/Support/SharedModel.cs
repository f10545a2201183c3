namespace MetaLlm.Embeddings.Tests.Support;

[CollectionDefinition(Name)]
public sealed class SharedModel : ICollectionFixture<DefaultModel>
{
    public const string Name = "default model";
}
