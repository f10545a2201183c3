namespace MetaLlm.Core.Tenancy;

/// <summary>Why a request does not fit under the tenant's caps, and what would help.</summary>
/// <param name="EndsAt">When the window ends that stands in the way: of several, the one that ends last. UTC.</param>
/// <param name="Wait">How long that is from the decision, above 0.</param>
/// <param name="MaxOutputTokens">Most completion tokens of one choice with which the request would fit now, at least 1; null when none would.</param>
[GenerateSerializer, Immutable, Alias("metallm.hard-cap-refusal")]
public sealed record HardCapRefusal(
    [property: Id(0)] DateTimeOffset EndsAt,
    [property: Id(1)] TimeSpan Wait,
    [property: Id(2)] int? MaxOutputTokens);
