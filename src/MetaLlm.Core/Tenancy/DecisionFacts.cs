namespace MetaLlm.Core.Tenancy;

/// <summary>What an event needs to know of the decision it belongs to.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision-facts")]
public sealed record DecisionFacts
{
    /// <summary>The decision.</summary>
    [Id(0)]
    public required string DecisionId { get; init; }

    /// <summary>Its ordinal.</summary>
    [Id(1)]
    public required long Ordinal { get; init; }

    /// <summary>The arm that served the call: the chosen one, or the last one it was rerouted to.</summary>
    [Id(2)]
    public required string ServedArm { get; init; }

    /// <summary>Feature layout of <see cref="Context"/>.</summary>
    [Id(3)]
    public required string FeatureSchema { get; init; }

    /// <summary>The context vector.</summary>
    [Id(4)]
    public required float[] Context { get; init; }

    /// <summary>Probability with which the chosen arm had been chosen.</summary>
    [Id(5)]
    public required double Propensity { get; init; }

    /// <summary>USD that were set aside.</summary>
    [Id(6)]
    public required double ReservedUsd { get; init; }

    /// <summary>USD that the call cost, when it was settled before the event was recorded; else null.</summary>
    [Id(7)]
    public double? SettledUsd { get; init; }

    /// <summary>Whether the caller had named the arm.</summary>
    [Id(8)]
    public required bool Pinned { get; init; }

    /// <summary>When the decision was made.</summary>
    [Id(9)]
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// USD that the caps set aside, at least 0: what the call can cost at most, and after a reroute what the attempts before can have cost besides. Never
    /// less is set aside than <see cref="ReservedUsd"/>; 0 in decisions from before bounds were recorded.
    /// </summary>
    [Id(10)]
    public double BoundUsd { get; init; }

    /// <summary>Prompt tokens as they had been estimated, at least 1; 0 when unknown.</summary>
    [Id(11)]
    public double InputTokens { get; init; }

    /// <summary>The arm that had been chosen; null when unknown.</summary>
    [Id(12)]
    public string? ChosenArm { get; init; }

    /// <summary>How much its rewards count, above 0 to 1 (<see cref="DecisionRecord.UserWeight"/>).</summary>
    [Id(13)]
    public double UserWeight { get; init; } = 1;

    /// <summary>Whether a policy made the decision (<see cref="DecisionRecord.IsOfPolicy"/>).</summary>
    public bool IsOfPolicy => FeatureSchema != DecisionRecord.NoFeatures;

    /// <summary>Whether another arm than the chosen one served the call: then <see cref="Propensity"/> is not the served arm's, which nobody knows.</summary>
    public bool Rerouted => ChosenArm is { } chosen && chosen != ServedArm;

    /// <summary>The facts of a decision whose chosen arm serves it and whose call has not ended.</summary>
    /// <param name="decision">The decision.</param>
    /// <returns>Facts that a journal would give right after the decision.</returns>
    public static DecisionFacts Of(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new DecisionFacts
        {
            DecisionId = decision.DecisionId,
            Ordinal = decision.Ordinal,
            ServedArm = decision.ChosenArm,
            FeatureSchema = decision.FeatureSchema,
            Context = decision.Context,
            Propensity = decision.Propensity,
            ReservedUsd = decision.ReservedUsd,
            BoundUsd = decision.BoundUsd,
            Pinned = decision.Pinned,
            At = decision.At,
            InputTokens = decision.InputTokens,
            ChosenArm = decision.ChosenArm,
            UserWeight = decision.UserWeight,
        };
    }
}
