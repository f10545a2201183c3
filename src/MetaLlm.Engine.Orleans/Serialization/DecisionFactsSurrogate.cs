using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="DecisionFacts"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision-facts")]
internal struct DecisionFactsSurrogate
{
    [Id(0)]
    public string DecisionId;

    [Id(1)]
    public long Ordinal;

    [Id(2)]
    public string ServedArm;

    [Id(3)]
    public string FeatureSchema;

    [Id(4)]
    public float[] Context;

    [Id(5)]
    public double Propensity;

    [Id(6)]
    public double ReservedUsd;

    [Id(7)]
    public double? SettledUsd;

    [Id(8)]
    public bool Pinned;

    [Id(9)]
    public DateTimeOffset At;
}

/// <summary>Turns <see cref="DecisionFacts"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class DecisionFactsConverter : IConverter<DecisionFacts, DecisionFactsSurrogate>
{
    /// <inheritdoc/>
    public DecisionFacts ConvertFromSurrogate(in DecisionFactsSurrogate surrogate) => new()
    {
        DecisionId = surrogate.DecisionId,
        Ordinal = surrogate.Ordinal,
        ServedArm = surrogate.ServedArm,
        FeatureSchema = surrogate.FeatureSchema,
        Context = surrogate.Context,
        Propensity = surrogate.Propensity,
        ReservedUsd = surrogate.ReservedUsd,
        SettledUsd = surrogate.SettledUsd,
        Pinned = surrogate.Pinned,
        At = surrogate.At,
    };

    /// <inheritdoc/>
    public DecisionFactsSurrogate ConvertToSurrogate(in DecisionFacts value) => new()
    {
        DecisionId = value.DecisionId,
        Ordinal = value.Ordinal,
        ServedArm = value.ServedArm,
        FeatureSchema = value.FeatureSchema,
        Context = value.Context,
        Propensity = value.Propensity,
        ReservedUsd = value.ReservedUsd,
        SettledUsd = value.SettledUsd,
        Pinned = value.Pinned,
        At = value.At,
    };
}

/// <summary>Passes <see cref="DecisionFacts"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class DecisionFactsCopier : ShallowCopier<DecisionFacts>;
