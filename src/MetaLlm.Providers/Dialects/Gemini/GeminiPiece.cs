using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>A part of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">The text, the call, or the data.</param>
/// <param name="Id">Id of the call; empty for what is none.</param>
/// <param name="Signature">Its signature; null without one.</param>
internal readonly record struct GeminiPiece(GeminiKind Kind, JsonElement Value, string Id, string? Signature);
