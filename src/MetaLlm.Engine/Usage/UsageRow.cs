namespace MetaLlm.Engine.Usage;

/// <summary>What a day, a model, a task or a tenant has used.</summary>
[GenerateSerializer, Immutable, Alias("metallm.usage-row")]
public sealed record UsageRow
{
    /// <summary>What the row stands for.</summary>
    [Id(0)]
    public required string Group { get; init; }

    /// <summary>Decisions.</summary>
    [Id(1)]
    public long Requests { get; init; }

    /// <summary>Prompt tokens of calls that have ended, cached ones among them.</summary>
    [Id(2)]
    public double InputTokens { get; init; }

    /// <summary>Prompt tokens that upstreams had cached.</summary>
    [Id(3)]
    public double CachedInputTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    [Id(4)]
    public double OutputTokens { get; init; }

    /// <summary>What calls cost, USD, those that gave no answer included.</summary>
    [Id(5)]
    public double SpentUsd { get; init; }

    /// <summary>What attempts cost that gave no answer, USD; a part of <see cref="SpentUsd"/>.</summary>
    [Id(6)]
    public double WastedUsd { get; init; }

    /// <summary>Decisions with feedback.</summary>
    [Id(7)]
    public long Rewards { get; init; }

    /// <summary>Sum of their rewards.</summary>
    [Id(8)]
    public double RewardSum { get; init; }
}
