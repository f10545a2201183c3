namespace MetaLlm.Evaluation.Estimation;

/// <summary>An estimate of what a policy is worth, with 95 % intervals.</summary>
/// <param name="Estimator"><c>ips</c>, <c>snips</c>, <c>dr</c> or <c>switch-dr</c>.</param>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Asymptotic standard error.</param>
/// <param name="Normal">Ends of the asymptotic normal interval.</param>
/// <param name="Bootstrap">Ends of the percentile bootstrap interval over decisions.</param>
/// <param name="AnytimeValid">
/// Ends of the empirical-Bernstein confidence sequence, which holds at every length of the log at once; null where there is none.
/// </param>
public sealed record OffPolicyEstimate(
    string Estimator, double Value, double StandardError, double[] Normal, double[] Bootstrap, double[]? AnytimeValid);
