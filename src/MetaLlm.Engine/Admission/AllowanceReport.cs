namespace MetaLlm.Engine.Admission;

/// <summary>What a node tells the holder of an allowance, and asks of it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.allowance-report")]
internal sealed record AllowanceReport
{
    /// <summary>The node; another one after each start.</summary>
    [Id(0)]
    public required string Node { get; init; }

    /// <summary>The holder's term as the node knows it; 0 for none.</summary>
    [Id(1)]
    public long Term { get; init; }

    /// <summary>The limits in force at the node.</summary>
    [Id(2)]
    public AdmissionLimits Limits { get; init; } = AdmissionLimits.None;

    /// <summary>Whether the node goes on with calls; one that does not is forgotten.</summary>
    [Id(3)]
    public bool IsActive { get; init; }

    /// <summary>Requests.</summary>
    [Id(4)]
    public AllowanceNeed Requests { get; init; } = AllowanceNeed.None;

    /// <summary>Tokens.</summary>
    [Id(5)]
    public AllowanceNeed Tokens { get; init; } = AllowanceNeed.None;

    /// <summary>Parallel calls that the node holds and keeps.</summary>
    [Id(6)]
    public int CallsHeld { get; init; }

    /// <summary>Parallel calls that it needs besides.</summary>
    [Id(7)]
    public int CallsNeeded { get; init; }
}
