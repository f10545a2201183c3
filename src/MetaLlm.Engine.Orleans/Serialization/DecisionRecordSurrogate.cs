using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="DecisionRecord"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision")]
internal struct DecisionRecordSurrogate
{
    [Id(0)]
    public string Tenant;

    [Id(1)]
    public string DecisionId;

    [Id(2)]
    public long Ordinal;

    [Id(3)]
    public long AppliedSequence;

    [Id(4)]
    public DateTimeOffset At;

    [Id(5)]
    public string Policy;

    [Id(6)]
    public int PolicyVersion;

    [Id(7)]
    public string FeatureSchema;

    [Id(8)]
    public float[] Context;

    [Id(9)]
    public string? Task;

    [Id(10)]
    public double InputTokens;

    [Id(11)]
    public ArmAssessment[] Arms;

    [Id(12)]
    public string ChosenArm;

    [Id(13)]
    public string GreedyArm;

    [Id(14)]
    public bool Pinned;

    [Id(15)]
    public double Propensity;

    [Id(16)]
    public double Draw;

    [Id(17)]
    public ulong Seed;

    [Id(18)]
    public double Lambda;

    [Id(19)]
    public RequestDial Dial;

    [Id(20)]
    public double ReservedUsd;

    [Id(21)]
    public int Origin;
}

/// <summary>Turns <see cref="DecisionRecord"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class DecisionRecordConverter : IConverter<DecisionRecord, DecisionRecordSurrogate>
{
    /// <inheritdoc/>
    public DecisionRecord ConvertFromSurrogate(in DecisionRecordSurrogate surrogate) => new()
    {
        Tenant = surrogate.Tenant,
        DecisionId = surrogate.DecisionId,
        Ordinal = surrogate.Ordinal,
        AppliedSequence = surrogate.AppliedSequence,
        At = surrogate.At,
        Policy = surrogate.Policy,
        PolicyVersion = surrogate.PolicyVersion,
        FeatureSchema = surrogate.FeatureSchema,
        Context = surrogate.Context,
        Task = surrogate.Task,
        InputTokens = surrogate.InputTokens,
        Arms = surrogate.Arms,
        ChosenArm = surrogate.ChosenArm,
        GreedyArm = surrogate.GreedyArm,
        Pinned = surrogate.Pinned,
        Propensity = surrogate.Propensity,
        Draw = surrogate.Draw,
        Seed = surrogate.Seed,
        Lambda = surrogate.Lambda,
        Dial = surrogate.Dial,
        ReservedUsd = surrogate.ReservedUsd,
        Origin = (DecisionOrigin)surrogate.Origin,
    };

    /// <inheritdoc/>
    public DecisionRecordSurrogate ConvertToSurrogate(in DecisionRecord value) => new()
    {
        Tenant = value.Tenant,
        DecisionId = value.DecisionId,
        Ordinal = value.Ordinal,
        AppliedSequence = value.AppliedSequence,
        At = value.At,
        Policy = value.Policy,
        PolicyVersion = value.PolicyVersion,
        FeatureSchema = value.FeatureSchema,
        Context = value.Context,
        Task = value.Task,
        InputTokens = value.InputTokens,
        Arms = [.. value.Arms],
        ChosenArm = value.ChosenArm,
        GreedyArm = value.GreedyArm,
        Pinned = value.Pinned,
        Propensity = value.Propensity,
        Draw = value.Draw,
        Seed = value.Seed,
        Lambda = value.Lambda,
        Dial = value.Dial,
        ReservedUsd = value.ReservedUsd,
        Origin = (int)value.Origin,
    };
}

/// <summary>Passes <see cref="DecisionRecord"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class DecisionRecordCopier : ShallowCopier<DecisionRecord>;
