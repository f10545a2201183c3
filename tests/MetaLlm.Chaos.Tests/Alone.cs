namespace MetaLlm.Chaos.Tests;

/// <summary>Tests that run whole clusters: one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
