using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Why a candidate ended.</summary>
internal static class GeminiStops
{
    /// <summary>Writes the chat completion's reason, and beside it the native one.</summary>
    /// <param name="json">Receives the members, within a choice.</param>
    /// <param name="candidate">Has <c>finishReason</c>.</param>
    /// <param name="hasCalls">Whether the candidate calls tools, which Google counts as an ordinary end.</param>
    public static void Write(Utf8JsonWriter json, JsonElement candidate, bool hasCalls)
    {
        if (JsonTexts.Read(candidate, "finishReason") is not { Length: > 0 } native)
        {
            json.WriteNull("finish_reason");
            return;
        }

        json.WriteString("finish_reason", native switch
        {
            "STOP" or "FINISH_REASON_UNSPECIFIED" => hasCalls ? "tool_calls" : "stop",
            "MAX_TOKENS" or "CONTINUATION" => "length",

            // The answer is no answer: another model may have one.
            "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "MISSING_THOUGHT_SIGNATURE" or "MALFORMED_RESPONSE" or "NO_IMAGE" or "IMAGE_OTHER" => "error",
            "SAFETY" or "RECITATION" or "LANGUAGE" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "OTHER" or "MODEL_ARMOR" or "ESCALATION" or "PUP_LIMITED_DISABLED"
                or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => "content_filter",
            _ => "stop",
        });
        json.WriteString("native_finish_reason", native);
    }
}
