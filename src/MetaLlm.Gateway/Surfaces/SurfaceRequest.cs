using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>A request that was read.</summary>
/// <param name="Chat">What routing makes its decision from.</param>
/// <param name="Payload">The chat completion request that goes to a model.</param>
/// <param name="Answer">Translates the answer; null where chat completions are what the client gets.</param>
internal sealed record SurfaceRequest(ChatRequest Chat, ChatPayload Payload, IAnswerTranslator? Answer);
