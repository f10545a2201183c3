namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>How often the intervals of an off-policy estimator hold the truth.</summary>
/// <param name="Target">The policy that was evaluated.</param>
/// <param name="Estimator">The estimator.</param>
/// <param name="Runs">Independent logs.</param>
/// <param name="Decisions">Decisions of each.</param>
/// <param name="Truth">What the policy earns by full information.</param>
/// <param name="Bias">Mean estimate minus the truth.</param>
/// <param name="Coverage">Share of the 95 % asymptotic intervals that hold the truth.</param>
/// <param name="Width">Mean width of those.</param>
/// <param name="AnytimeCoverage">The same for the anytime-valid intervals; null where there are none.</param>
internal sealed record CoverageResult(
    string Target, string Estimator, int Runs, int Decisions, double Truth, double Bias, double Coverage, double Width, double? AnytimeCoverage)
{
    /// <summary>Whether the coverage is what it claims: 93 to 97 %.</summary>
    public bool Passed => Coverage is >= 0.93 and <= 0.97;
}
