using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Chat;

/// <summary>What was read off a chat request.</summary>
/// <param name="Route">What the decision is made from.</param>
/// <param name="Stream">Whether the client wants server-sent events.</param>
internal sealed record ChatRequest(RouteRequest Route, bool Stream);
