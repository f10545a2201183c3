using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="RewardedEvent"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.rewarded")]
internal struct RewardedEventSurrogate
{
    [Id(0)]
    public long Sequence;

    [Id(1)]
    public DateTimeOffset At;

    [Id(2)]
    public DecisionFacts Decision;

    [Id(3)]
    public double Reward;

    [Id(4)]
    public double? PreviousReward;

    /// <summary>Null where an older build, which knew no weights, has written it: 1.</summary>
    [Id(5)]
    public double? Weight;

    /// <summary>As <see cref="Weight"/>.</summary>
    [Id(6)]
    public double? PreviousWeight;

    [Id(7)]
    public bool Defaulted;
}

/// <summary>Turns <see cref="RewardedEvent"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class RewardedEventConverter : IConverter<RewardedEvent, RewardedEventSurrogate>
{
    /// <inheritdoc/>
    public RewardedEvent ConvertFromSurrogate(in RewardedEventSurrogate surrogate) => new()
    {
        Sequence = surrogate.Sequence,
        At = surrogate.At,
        Decision = surrogate.Decision,
        Reward = surrogate.Reward,
        PreviousReward = surrogate.PreviousReward,
        Defaulted = surrogate.Defaulted,
        Weight = surrogate.Weight ?? 1,
        PreviousWeight = surrogate.PreviousWeight ?? 1,
    };

    /// <inheritdoc/>
    public RewardedEventSurrogate ConvertToSurrogate(in RewardedEvent value) => new()
    {
        Sequence = value.Sequence,
        At = value.At,
        Decision = value.Decision,
        Reward = value.Reward,
        PreviousReward = value.PreviousReward,
        Defaulted = value.Defaulted,
        Weight = value.Weight,
        PreviousWeight = value.PreviousWeight,
    };
}

/// <summary>Passes <see cref="RewardedEvent"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class RewardedEventCopier : ShallowCopier<RewardedEvent>;
