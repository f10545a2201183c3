using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Thinking that goes back to the model that thought it. Only what Anthropic signed or encrypted may; what other models thought is left out.</summary>
internal static class AnthropicReasoning
{
    /// <summary>What such details call their format.</summary>
    public const string Format = "anthropic-claude-v1";

    /// <summary>Whether an assistant's message has any.</summary>
    public static bool IsIn(JsonElement message) =>
        message.Says("reasoning_details", out var details) && details.ValueKind == JsonValueKind.Array && details.EnumerateArray().Any(d => IsOurs(d) && (Has(d, "signature") || Has(d, "data")));

    /// <summary>Writes thinking blocks. A client that gathers chunks may send the pieces of a block one by one: a signature ends it.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement message)
    {
        if (!IsIn(message))
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var detail in message.GetProperty("reasoning_details").EnumerateArray().Where(IsOurs))
        {
            if (Has(detail, "data"))
            {
                json.WriteStartObject();
                json.WriteString("type", "redacted_thinking");
                json.WriteAsIs("data", detail.GetProperty("data"));
                json.WriteEndObject();
                continue;
            }

            text.Append(Has(detail, "text") ? detail.GetProperty("text").GetString() : null);
            if (Has(detail, "signature"))
            {
                json.WriteStartObject();
                json.WriteString("type", "thinking");
                json.WriteString("thinking", text.ToString());
                json.WriteAsIs("signature", detail.GetProperty("signature"));
                json.WriteEndObject();
                text.Clear();
            }
        }
    }

    private static bool IsOurs(JsonElement detail) =>
        detail.Says("type", out var type) && (type.IsText("reasoning.text"u8) || type.IsText("reasoning.encrypted"u8))
        && (!detail.Says("format", out var format) || (format.ValueKind == JsonValueKind.String && format.GetString()!.StartsWith("anthropic", StringComparison.Ordinal)));

    private static bool Has(JsonElement detail, string name) => detail.Says(name, out var value) && value.IsFilledText();
}
