namespace MetaLlm.Core.Guarantees;

/// <summary>How often served answers differed from the reference's, by audits.</summary>
/// <param name="Topic">The topic; empty for all together, or for requests beyond the largest number of topics.</param>
/// <param name="Requests">Requests.</param>
/// <param name="Diverted">Those that another arm than the reference served.</param>
/// <param name="Audits">Those of the diverted in which the reference was asked beside, and a verdict came.</param>
/// <param name="Differing">Audits whose verdict was that the answers differ.</param>
/// <param name="Bound">The most that the mean probability of a different answer was, over all requests of the topic.</param>
[GenerateSerializer, Immutable, Alias("metallm.guarantee-served-difference")]
public sealed record ServedDifference(
    [property: Id(0)] string Topic,
    [property: Id(1)] long Requests,
    [property: Id(2)] long Diverted,
    [property: Id(3)] long Audits,
    [property: Id(4)] long Differing,
    [property: Id(5)] double Bound);
