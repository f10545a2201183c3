using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Why an answer ended.</summary>
internal static class AnthropicStops
{
    /// <summary>Writes the chat completion's reason, and beside it the native one and, as <c>stop_reason</c>, the stop sequence that was met; other servers tell them so too.</summary>
    /// <param name="json">Receives the members, within a choice.</param>
    /// <param name="owner">Has <c>stop_reason</c> and <c>stop_sequence</c>.</param>
    public static void Write(Utf8JsonWriter json, JsonElement owner)
    {
        if (!owner.Says("stop_reason", out var native) || native.ValueKind != JsonValueKind.String)
        {
            json.WriteNull("finish_reason");
            return;
        }

        json.WriteString("finish_reason", native switch
        {
            _ when native.IsText("tool_use"u8) => "tool_calls",
            _ when native.IsText("max_tokens"u8) || native.IsText("model_context_window_exceeded"u8) || native.IsText("pause_turn"u8) => "length",
            _ when native.IsText("refusal"u8) => "content_filter",
            _ => "stop",
        });
        json.WriteAsIs("native_finish_reason", native);
        if (owner.Says("stop_sequence", out var sequence))
        {
            json.WriteAsIs("stop_reason", sequence);
        }
    }
}
