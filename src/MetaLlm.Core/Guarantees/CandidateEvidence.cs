namespace MetaLlm.Core.Guarantees;

/// <summary>What comparisons say of a candidate in a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Arm">Index of the candidate.</param>
/// <param name="Comparisons">Verdicts since the test began.</param>
/// <param name="Differing">Those by which answers differ.</param>
/// <param name="Bound">The most that the rate is.</param>
/// <param name="Restarts">How often evidence was dropped, because the rate had risen.</param>
public sealed record CandidateEvidence(string Topic, int Arm, long Comparisons, long Differing, double Bound, int Restarts);
