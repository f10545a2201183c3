namespace MetaLlm.Core.Tenancy;

/// <summary>What an event needs to know of the decision it belongs to.</summary>
public sealed record DecisionFacts
{
    /// <summary>The decision.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Its ordinal.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The arm that served the call: the chosen one, or the last one it was rerouted to.</summary>
    public required string ServedArm { get; init; }

    /// <summary>Feature layout of <see cref="Context"/>.</summary>
    public required string FeatureSchema { get; init; }

    /// <summary>The context vector.</summary>
    public required float[] Context { get; init; }

    /// <summary>Probability with which the arm had been chosen.</summary>
    public required double Propensity { get; init; }

    /// <summary>USD that were set aside.</summary>
    public required double ReservedUsd { get; init; }

    /// <summary>USD that the call cost, when it was settled before the event was recorded; else null.</summary>
    public double? SettledUsd { get; init; }

    /// <summary>Whether the caller had named the arm.</summary>
    public required bool Pinned { get; init; }

    /// <summary>When the decision was made.</summary>
    public required DateTimeOffset At { get; init; }

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
            Pinned = decision.Pinned,
            At = decision.At,
        };
    }
}
