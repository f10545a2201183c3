namespace MetaLlm.Core.Tenancy;

/// <summary>How the imputation of missing rewards stands.</summary>
/// <param name="Status">Whether it is on.</param>
/// <param name="Bias">Mean of prediction - reward over the last held-out rewards that came in time; NaN without any.</param>
/// <param name="Count">How many held-out rewards that mean is of, at most 256.</param>
/// <param name="LateBias">The same over the last rewards that came after the feedback window; NaN without any.</param>
/// <param name="LateCount">How many those are, at most 256.</param>
[GenerateSerializer, Immutable, Alias("metallm.imputation-report")]
public sealed record ImputationReport(
    [property: Id(0)] ImputationStatus Status,
    [property: Id(1)] double Bias,
    [property: Id(2)] int Count,
    [property: Id(3)] double LateBias,
    [property: Id(4)] int LateCount);
