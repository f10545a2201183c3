using System.Diagnostics;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing.Circuits;

namespace MetaLlm.Engine.Routing;

/// <summary>An attempt whose answer has begun.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Circuit">Is told how the answer ends.</param>
/// <param name="Activity">The span, which ends with the answer; null when nobody listens.</param>
/// <param name="Upstream">Ends the upstream's call, which does not end with the client any more.</param>
internal readonly record struct Attempt(ChatResponse Response, ArmCall Circuit, Activity? Activity, CancellationTokenSource Upstream);
