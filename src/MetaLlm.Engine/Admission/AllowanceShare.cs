namespace MetaLlm.Engine.Admission;

/// <summary>What a node gets of one rate limit.</summary>
/// <param name="Granted">What it may use from now on, for a second or two.</param>
/// <param name="Left">What is left for all nodes after that.</param>
/// <param name="ResetSeconds">Until all of the limit is there again, if nothing is used.</param>
/// <param name="RetrySeconds">Until there is room for the call that needs least, if nothing is used.</param>
[GenerateSerializer, Immutable, Alias("metallm.allowance-share")]
internal readonly record struct AllowanceShare(
    [property: Id(0)] double Granted,
    [property: Id(1)] double Left,
    [property: Id(2)] double ResetSeconds,
    [property: Id(3)] double RetrySeconds);
