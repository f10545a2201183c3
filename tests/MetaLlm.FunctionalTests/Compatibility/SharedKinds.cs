namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>Tests that share one gateway with a model of every kind of upstream.</summary>
[CollectionDefinition(Name)]
public sealed class SharedKinds : ICollectionFixture<EveryKind>
{
    public const string Name = "every kind of upstream";
}
