using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>An attempt whose answer is held back.</summary>
/// <param name="Attempt">As it is settled where another arm's answer leaves.</param>
/// <param name="Usd">What it cost, USD, at the prices that this process knows.</param>
/// <param name="Target">Where it was sent.</param>
/// <param name="Took">Time to its end.</param>
/// <param name="Retrieving">Time that retrievers took before it.</param>
/// <param name="RetrievalUsd">What they cost, USD.</param>
internal sealed record HeldAttempt(FailedAttempt Attempt, double Usd, ArmTarget? Target, TimeSpan? Took, TimeSpan Retrieving, double RetrievalUsd);
