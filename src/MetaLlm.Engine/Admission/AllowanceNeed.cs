namespace MetaLlm.Engine.Admission;

/// <summary>What a node has to say of one rate limit.</summary>
[GenerateSerializer, Immutable, Alias("metallm.allowance-need")]
internal sealed record AllowanceNeed
{
    /// <summary>Nothing.</summary>
    public static AllowanceNeed None { get; } = new();

    /// <summary>What calls that wait here need, at least 0.</summary>
    [Id(0)]
    public double Needed { get; init; }

    /// <summary>What the call among them needs that needs least, at least 0.</summary>
    [Id(1)]
    public double Least { get; init; }

    /// <summary>What was used more (above 0) or less than was granted, by the age of the grant in whole seconds.</summary>
    [Id(2)]
    public IReadOnlyList<double> Corrections { get; init => field = value.ToArray(); } = [];

    /// <summary>What the node has used in the last minute, by age in whole seconds; empty unless the holder has asked for it.</summary>
    [Id(3)]
    public IReadOnlyList<double> History { get; init => field = value.ToArray(); } = [];
}
