namespace MetaLlm.Engine.Ports;

/// <summary>Asks a tenant's owner which other models a purse should ask what one of them has served.</summary>
[GenerateSerializer, Immutable, Alias("metallm.evidence-question")]
public sealed record EvidenceQuestion
{
    /// <summary>The decision by which the query was served.</summary>
    [Id(0)]
    public required string DecisionId { get; init; }

    /// <summary>What the purse holds in all, USD, at least 0.</summary>
    [Id(1)]
    public required double PurseUsd { get; init; }

    /// <summary>What of it is left, USD, 0 to <see cref="PurseUsd"/>.</summary>
    [Id(2)]
    public required double LeftUsd { get; init; }

    /// <summary>Requests that the purse is for, at least 1.</summary>
    [Id(3)]
    public required double ExpectedRequests { get; init; }

    /// <summary>Ids of the only models that may be asked; empty for all of the tenant's.</summary>
    [Id(4)]
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Answers of a new model that are bought before others, and handed over as a quiz; 0 for none.</summary>
    [Id(5)]
    public int QuizRows { get; init; }
}
