namespace MetaLlm.Core.Guarantees;

/// <summary>What a candidate served under a guarantee.</summary>
/// <param name="Arm">Index of the candidate.</param>
/// <param name="Requests">Requests that it served.</param>
/// <param name="Audits">Those in which the reference was asked beside, and a verdict came.</param>
/// <param name="Differing">Audits whose verdict was that the answers differ.</param>
[GenerateSerializer, Immutable, Alias("metallm.guarantee-served-candidate")]
public sealed record ServedCandidate([property: Id(0)] int Arm, [property: Id(1)] long Requests, [property: Id(2)] long Audits, [property: Id(3)] long Differing);
