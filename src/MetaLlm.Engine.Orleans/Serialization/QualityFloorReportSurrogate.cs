using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="QualityFloorReport"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.quality-floor-report")]
internal struct QualityFloorReportSurrogate
{
    [Id(0)]
    public double Floor;

    [Id(1)]
    public double RecentReward;

    [Id(2)]
    public long Rewards;

    [Id(3)]
    public int Status;
}

/// <summary>Turns <see cref="QualityFloorReport"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class QualityFloorReportConverter : IConverter<QualityFloorReport, QualityFloorReportSurrogate>
{
    /// <inheritdoc/>
    public QualityFloorReport ConvertFromSurrogate(in QualityFloorReportSurrogate surrogate) =>
        new(surrogate.Floor, surrogate.RecentReward, surrogate.Rewards, (QualityFloorStatus)surrogate.Status);

    /// <inheritdoc/>
    public QualityFloorReportSurrogate ConvertToSurrogate(in QualityFloorReport value) => new()
    {
        Floor = value.Floor,
        RecentReward = value.RecentReward,
        Rewards = value.Rewards,
        Status = (int)value.Status,
    };
}

/// <summary>Passes <see cref="QualityFloorReport"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class QualityFloorReportCopier : ShallowCopier<QualityFloorReport>;
