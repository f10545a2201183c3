using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="StoredDecision"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.stored-decision")]
internal struct StoredDecisionSurrogate
{
    [Id(0)]
    public DecisionRecord Decision;

    [Id(1)]
    public string ServedArm;

    [Id(2)]
    public double ReservedUsd;

    [Id(3)]
    public Settlement? Settlement;

    [Id(4)]
    public double? Reward;

    [Id(5)]
    public int FeedbackCount;

    /// <summary>Null where an older build, which knew no weights, has written it: 1.</summary>
    [Id(6)]
    public double? RewardWeight;
}

/// <summary>Turns <see cref="StoredDecision"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class StoredDecisionConverter : IConverter<StoredDecision, StoredDecisionSurrogate>
{
    /// <inheritdoc/>
    public StoredDecision ConvertFromSurrogate(in StoredDecisionSurrogate surrogate) => new()
    {
        Decision = surrogate.Decision,
        ServedArm = surrogate.ServedArm,
        ReservedUsd = surrogate.ReservedUsd,
        Settlement = surrogate.Settlement,
        Reward = surrogate.Reward,
        FeedbackCount = surrogate.FeedbackCount,
        RewardWeight = surrogate.RewardWeight ?? 1,
    };

    /// <inheritdoc/>
    public StoredDecisionSurrogate ConvertToSurrogate(in StoredDecision value) => new()
    {
        Decision = value.Decision,
        ServedArm = value.ServedArm,
        ReservedUsd = value.ReservedUsd,
        Settlement = value.Settlement,
        Reward = value.Reward,
        FeedbackCount = value.FeedbackCount,
        RewardWeight = value.RewardWeight,
    };
}

/// <summary>Passes <see cref="StoredDecision"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class StoredDecisionCopier : ShallowCopier<StoredDecision>;
