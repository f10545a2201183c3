using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="ArmReport"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.arm-report")]
internal struct ArmReportSurrogate
{
    [Id(0)]
    public string ArmId;

    [Id(1)]
    public bool Enabled;

    [Id(2)]
    public ArmStatistics Statistics;

    [Id(3)]
    public int QuizRows;
}

/// <summary>Turns <see cref="ArmReport"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class ArmReportConverter : IConverter<ArmReport, ArmReportSurrogate>
{
    /// <inheritdoc/>
    public ArmReport ConvertFromSurrogate(in ArmReportSurrogate surrogate) => new(surrogate.ArmId, surrogate.Enabled, surrogate.Statistics) { QuizRows = surrogate.QuizRows };

    /// <inheritdoc/>
    public ArmReportSurrogate ConvertToSurrogate(in ArmReport value) => new()
    {
        ArmId = value.ArmId,
        Enabled = value.Enabled,
        Statistics = value.Statistics,
        QuizRows = value.QuizRows,
    };
}

/// <summary>Passes <see cref="ArmReport"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class ArmReportCopier : ShallowCopier<ArmReport>;
