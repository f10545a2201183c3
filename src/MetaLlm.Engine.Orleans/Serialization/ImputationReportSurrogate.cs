using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="ImputationReport"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.imputation-report")]
internal struct ImputationReportSurrogate
{
    [Id(0)]
    public int Status;

    [Id(1)]
    public double Bias;

    [Id(2)]
    public int Count;

    [Id(3)]
    public double LateBias;

    [Id(4)]
    public int LateCount;
}

/// <summary>Turns <see cref="ImputationReport"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class ImputationReportConverter : IConverter<ImputationReport, ImputationReportSurrogate>
{
    /// <inheritdoc/>
    public ImputationReport ConvertFromSurrogate(in ImputationReportSurrogate surrogate) =>
        new((ImputationStatus)surrogate.Status, surrogate.Bias, surrogate.Count, surrogate.LateBias, surrogate.LateCount);

    /// <inheritdoc/>
    public ImputationReportSurrogate ConvertToSurrogate(in ImputationReport value) => new()
    {
        Status = (int)value.Status,
        Bias = value.Bias,
        Count = value.Count,
        LateBias = value.LateBias,
        LateCount = value.LateCount,
    };
}

/// <summary>Passes <see cref="ImputationReport"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class ImputationReportCopier : ShallowCopier<ImputationReport>;
