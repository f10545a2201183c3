namespace MetaLlm.Engine.Admission;

/// <summary>The holder's answer to a node.</summary>
/// <param name="Term">The holder's term; a holder that was lost comes back with another one and knows nothing of what was used.</param>
/// <param name="WantsHistory">Whether the node shall report again, with its history: nothing was granted.</param>
/// <param name="Nodes">Nodes with calls, this one included.</param>
/// <param name="Requests">Requests.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Calls">Parallel calls granted beside those held.</param>
/// <param name="CallsLeft">Parallel calls left for all nodes after that.</param>
[GenerateSerializer, Immutable, Alias("metallm.allowance-grant")]
internal sealed record AllowanceGrant(
    [property: Id(0)] long Term,
    [property: Id(1)] bool WantsHistory,
    [property: Id(2)] int Nodes,
    [property: Id(3)] AllowanceShare Requests,
    [property: Id(4)] AllowanceShare Tokens,
    [property: Id(5)] int Calls,
    [property: Id(6)] int CallsLeft);
