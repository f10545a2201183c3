namespace MetaLlm.Core.Tenancy;

/// <summary>How the imputation of missing rewards stands.</summary>
/// <param name="Status">Whether it is on.</param>
/// <param name="Bias">Mean of prediction - reward over the last held-out rewards that came in time; NaN without any.</param>
/// <param name="Count">How many held-out rewards that mean is of, at most 256.</param>
/// <param name="LateBias">The same over the last rewards that came after the feedback window; NaN without any.</param>
/// <param name="LateCount">How many those are, at most 256.</param>
public sealed record ImputationReport(ImputationStatus Status, double Bias, int Count, double LateBias, int LateCount);
