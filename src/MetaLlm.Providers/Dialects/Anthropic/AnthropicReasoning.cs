using System.Text;
using System.Text.Json;
using MetaLlm.Providers.Dialects.Gemini;
using MetaLlm.Providers.Dialects.Responses;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Thinking that goes back to the model that thought it. Only what Anthropic signed or encrypted may; what other models thought is left out.</summary>
internal static class AnthropicReasoning
{
    /// <summary>What such details call their format.</summary>
    public const string Format = "anthropic-claude-v1";

    /// <summary>A block of thinking.</summary>
    /// <param name="Text">What was thought in the open.</param>
    /// <param name="Signature">Its signature, a text.</param>
    /// <param name="Data">What stands in place of both where thinking is hidden, a text; null where it is in the open.</param>
    public readonly record struct Thought(string Text, JsonElement Signature, JsonElement? Data);

    /// <summary>Whether an assistant's message has any.</summary>
    public static bool IsIn(JsonElement message) => Details(message).Any(d => Has(d, "signature") || Has(d, "data"));

    /// <summary>The blocks of an assistant's message. A client that gathers chunks may send the pieces of a block one by one: a signature ends it.</summary>
    public static IEnumerable<Thought> Of(JsonElement message)
    {
        var text = new StringBuilder();
        foreach (var detail in Details(message))
        {
            if (Has(detail, "data"))
            {
                yield return new Thought(string.Empty, default, detail.GetProperty("data"));
                continue;
            }

            text.Append(Has(detail, "text") ? detail.GetProperty("text").GetString() : null);
            if (Has(detail, "signature"))
            {
                yield return new Thought(text.ToString(), detail.GetProperty("signature"), null);
                text.Clear();
            }
        }
    }

    private static IEnumerable<JsonElement> Details(JsonElement message) =>
        message.Says("reasoning_details", out var details) && details.ValueKind == JsonValueKind.Array ? details.EnumerateArray().Where(IsOurs) : [];

    private static bool IsOurs(JsonElement detail) =>
        detail.Says("type", out var type) && (type.IsText("reasoning.text"u8) || type.IsText("reasoning.encrypted"u8))
        && (!detail.Says("format", out var format) || (format.ValueKind == JsonValueKind.String && format.GetString()!.StartsWith("anthropic", StringComparison.Ordinal)))
        && !GeminiReasoning.IsSealed(detail) && !ResponsesReasoning.IsSealed(detail);

    private static bool Has(JsonElement detail, string name) => detail.Says(name, out var value) && value.IsFilledText();
}
