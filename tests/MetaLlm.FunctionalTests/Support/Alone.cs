namespace MetaLlm.FunctionalTests.Support;

/// <summary>Tests that measure the process they run in: no other test runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
