using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Engine.Admission;

/// <summary>How many calls a tenant, or one of its keys, may make, over all gateways together. Without a member there is no such limit.</summary>
[GenerateSerializer, Immutable, Alias("metallm.admission-limits")]
public sealed record AdmissionLimits
{
    internal const int MostRequestsPerMinute = 1_000_000_000;
    internal const long MostTokensPerMinute = 1_000_000_000_000;
    internal const int MostParallelCalls = 1_000_000;

    /// <summary>No limit.</summary>
    public static AdmissionLimits None { get; } = new();

    /// <summary>Calls of any minute.</summary>
    [Id(0), Range(1, MostRequestsPerMinute)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>
    /// Tokens of any minute, prompts and answers together. A call takes its prompt's estimate and what its answer may have (<c>max_tokens</c>, else what answers had lately) when it comes, and what it really had when it ends.
    /// </summary>
    [Id(1), Range(1.0, MostTokensPerMinute)]
    public long? TokensPerMinute { get; init; }

    /// <summary>Calls at once, until their answers end.</summary>
    [Id(2), Range(1, MostParallelCalls)]
    public int? ParallelCalls { get; init; }

    /// <summary>Whether nothing is limited.</summary>
    public bool IsUnlimited => RequestsPerMinute is null && TokensPerMinute is null && ParallelCalls is null;
}
