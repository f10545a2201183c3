using MetaLlm.Core.Bandits;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="ArmStatistics"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.arm-statistics")]
internal struct ArmStatisticsSurrogate
{
    [Id(0)]
    public long Pulls;

    [Id(1)]
    public long Rewards;

    [Id(2)]
    public double MeanReward;

    [Id(3)]
    public double MeanCostUsd;

    [Id(4)]
    public double MeanLatencySeconds;

    [Id(5)]
    public double SpendUsd;
}

/// <summary>Turns <see cref="ArmStatistics"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class ArmStatisticsConverter : IConverter<ArmStatistics, ArmStatisticsSurrogate>
{
    /// <inheritdoc/>
    public ArmStatistics ConvertFromSurrogate(in ArmStatisticsSurrogate surrogate) => new(surrogate.Pulls, surrogate.Rewards, surrogate.MeanReward, surrogate.MeanCostUsd, surrogate.MeanLatencySeconds, surrogate.SpendUsd);

    /// <inheritdoc/>
    public ArmStatisticsSurrogate ConvertToSurrogate(in ArmStatistics value) => new()
    {
        Pulls = value.Pulls,
        Rewards = value.Rewards,
        MeanReward = value.MeanReward,
        MeanCostUsd = value.MeanCostUsd,
        MeanLatencySeconds = value.MeanLatencySeconds,
        SpendUsd = value.SpendUsd,
    };
}

/// <summary>Passes <see cref="ArmStatistics"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class ArmStatisticsCopier : ShallowCopier<ArmStatistics>;
