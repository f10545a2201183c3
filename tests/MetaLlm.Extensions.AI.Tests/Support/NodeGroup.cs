namespace MetaLlm.Extensions.AI.Tests.Support;

/// <summary>The classes that share one application.</summary>
[CollectionDefinition(Name)]
public sealed class NodeGroup : ICollectionFixture<Node>
{
    public const string Name = "node";
}
