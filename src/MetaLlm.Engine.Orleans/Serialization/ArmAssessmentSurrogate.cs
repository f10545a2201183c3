using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="ArmAssessment"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.arm-assessment")]
internal struct ArmAssessmentSurrogate
{
    [Id(0)]
    public string ArmId;

    [Id(1)]
    public double Quality;

    [Id(2)]
    public double QualityDeviation;

    [Id(3)]
    public double CostUsd;

    [Id(4)]
    public double LatencySeconds;

    [Id(5)]
    public double? Score;

    [Id(6)]
    public double Propensity;

    [Id(7)]
    public string? Exclusion;
}

/// <summary>Turns <see cref="ArmAssessment"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class ArmAssessmentConverter : IConverter<ArmAssessment, ArmAssessmentSurrogate>
{
    /// <inheritdoc/>
    public ArmAssessment ConvertFromSurrogate(in ArmAssessmentSurrogate surrogate) => new(surrogate.ArmId, surrogate.Quality, surrogate.QualityDeviation, surrogate.CostUsd, surrogate.LatencySeconds, surrogate.Score, surrogate.Propensity, surrogate.Exclusion);

    /// <inheritdoc/>
    public ArmAssessmentSurrogate ConvertToSurrogate(in ArmAssessment value) => new()
    {
        ArmId = value.ArmId,
        Quality = value.Quality,
        QualityDeviation = value.QualityDeviation,
        CostUsd = value.CostUsd,
        LatencySeconds = value.LatencySeconds,
        Score = value.Score,
        Propensity = value.Propensity,
        Exclusion = value.Exclusion,
    };
}

/// <summary>Passes <see cref="ArmAssessment"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class ArmAssessmentCopier : ShallowCopier<ArmAssessment>;
