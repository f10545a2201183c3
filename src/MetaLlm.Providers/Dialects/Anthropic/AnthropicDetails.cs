using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes thinking as the details that clients give back with the message.</summary>
internal static class AnthropicDetails
{
    /// <summary>Writes the members of one detail.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="index">Number of the block among those of thinking.</param>
    /// <param name="block">A block, or a piece of one.</param>
    /// <param name="members">Its members that count: thinking, signature, data.</param>
    public static void Write(Utf8JsonWriter json, int index, JsonElement block, params ReadOnlySpan<string> members)
    {
        var isHidden = block.Says("data", out _) && members.Contains("data");
        json.WriteString("type", isHidden ? "reasoning.encrypted" : "reasoning.text");
        foreach (var name in members)
        {
            if (block.Says(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                json.WriteAsIs(name == "thinking" ? "text" : name, value);
            }
        }

        json.WriteString("format", AnthropicReasoning.Format);
        json.WriteNumber("index", index);
    }
}
