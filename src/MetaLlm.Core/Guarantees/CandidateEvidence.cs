namespace MetaLlm.Core.Guarantees;

/// <summary>What comparisons say of a candidate in a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Arm">Index of the candidate.</param>
/// <param name="Comparisons">Verdicts since the test began.</param>
/// <param name="Differing">Those by which answers differ.</param>
/// <param name="Bound">The most that the rate is.</param>
/// <param name="Restarts">How often evidence was dropped, because the rate had risen.</param>
[GenerateSerializer, Immutable, Alias("metallm.guarantee-candidate-evidence")]
public sealed record CandidateEvidence(
    [property: Id(0)] string Topic,
    [property: Id(1)] int Arm,
    [property: Id(2)] long Comparisons,
    [property: Id(3)] long Differing,
    [property: Id(4)] double Bound,
    [property: Id(5)] int Restarts);
