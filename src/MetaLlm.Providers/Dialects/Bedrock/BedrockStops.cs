using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Why an answer ended.</summary>
internal static class BedrockStops
{
    /// <summary>Writes the chat completion's reason, and beside it the native one.</summary>
    /// <param name="json">Receives the members, within a choice.</param>
    /// <param name="owner">Has <c>stopReason</c>.</param>
    public static void Write(Utf8JsonWriter json, JsonElement owner)
    {
        if (JsonTexts.Read(owner, "stopReason") is not { Length: > 0 } native)
        {
            json.WriteNull("finish_reason");
            return;
        }

        json.WriteString("finish_reason", native switch
        {
            "tool_use" => "tool_calls",
            "max_tokens" or "model_context_window_exceeded" => "length",
            "guardrail_intervened" or "content_filtered" => "content_filter",

            // The answer is no answer: another model may have one.
            "malformed_model_output" or "malformed_tool_use" => "error",
            _ => "stop",
        });
        json.WriteString("native_finish_reason", native);
    }
}
