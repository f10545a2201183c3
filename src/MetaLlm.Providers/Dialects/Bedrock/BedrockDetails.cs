using System.Text.Json;
using MetaLlm.Providers.Dialects.Anthropic;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Writes reasoning as the details that clients give back. Claude's signatures are good at Anthropic and at Bedrock alike, so that the details are the same.</summary>
internal static class BedrockDetails
{
    /// <summary>Writes the members of one detail.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="index">Number of the block among those of reasoning.</param>
    /// <param name="thought">Has <c>text</c> and <c>signature</c>, or <c>redactedContent</c>, or a piece of them.</param>
    public static void Write(Utf8JsonWriter json, int index, JsonElement thought)
    {
        json.WriteString("type", thought.Says("redactedContent", out var data) ? "reasoning.encrypted" : "reasoning.text");
        if (thought.Says("text", out var text))
        {
            json.WriteAsIs("text", text);
        }

        if (thought.Says("signature", out var signature))
        {
            json.WriteAsIs("signature", signature);
        }

        if (data.ValueKind == JsonValueKind.String)
        {
            json.WriteAsIs("data", data);
        }

        json.WriteString("format", AnthropicReasoning.Format);
        json.WriteNumber("index", index);
    }
}
