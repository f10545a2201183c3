namespace MetaLlm.Core.Guarantees;

/// <summary>What a decision that was made under a guarantee rests on.</summary>
[GenerateSerializer, Immutable, Alias("metallm.guarantee-place")]
public sealed record GuaranteePlace
{
    /// <summary>The topic whose evidence was used; empty for requests without one, and for those beyond the largest number of topics.</summary>
    [Id(0)]
    public required string Topic { get; init; }

    /// <summary>The arm whose answer the served one is to be compared with; null where nobody is asked beside.</summary>
    [Id(1)]
    public string? Beside { get; init; }

    /// <summary>The most that the probability of a different answer is, 0 to 1: what the request uses up of the promised differences.</summary>
    [Id(2)]
    public double Bound { get; init; }
}
