using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Reads the parts of a candidate and writes what they become.</summary>
internal static class GeminiContent
{
    /// <summary>Begins the ids of calls that came without one.</summary>
    private const string OurIds = "call_gemini_";

    /// <summary>Whether an id was given by us.</summary>
    public static bool IsOurId(string id) => id.StartsWith(OurIds, StringComparison.Ordinal);

    /// <summary>The parts of a candidate. Those that no request of ours asks for, such as code that Google runs itself, are passed over.</summary>
    public static List<GeminiPiece> Read(JsonElement candidate)
    {
        var pieces = new List<GeminiPiece>();
        if (!candidate.Says("content", out var content) || !content.Says("parts", out var parts) || parts.ValueKind != JsonValueKind.Array)
        {
            return pieces;
        }

        foreach (var part in parts.EnumerateArray())
        {
            var signature = JsonTexts.Read(part, "thoughtSignature") is { Length: > 0 } signed ? signed : null;
            if (part.Says("functionCall", out var call))
            {
                var id = JsonTexts.Read(call, "id") is { Length: > 0 } given ? given : $"{OurIds}{Guid.NewGuid():N}";
                pieces.Add(new(GeminiKind.Call, call, id, signature));
            }
            else if (part.Says("inlineData", out var data))
            {
                pieces.Add(new(GeminiKind.Data, data, string.Empty, signature));
            }
            else if ((part.Says("text", out var text) && text.IsFilledText()) || signature is not null)
            {
                var isThought = part.Says("thought", out var thought) && thought.ValueKind == JsonValueKind.True;
                pieces.Add(new(isThought ? GeminiKind.Thought : GeminiKind.Text, text, string.Empty, signature));
            }
        }

        return pieces;
    }

    /// <summary>Writes a call, whose arguments are an object there and a text here.</summary>
    /// <param name="json">Receives it, within a list.</param>
    /// <param name="piece">The call.</param>
    /// <param name="index">Its number in a stream; null outside of one.</param>
    public static void WriteCall(Utf8JsonWriter json, GeminiPiece piece, int? index) => ToolCalls.Write(
        json, index, piece.Id, JsonTexts.Read(piece.Value, "name") ?? string.Empty, piece.Value.Says("args", out var arguments) ? arguments.GetRawText() : "{}");

    /// <summary>Writes thinking in the open as a detail.</summary>
    public static void WriteThought(Utf8JsonWriter json, JsonElement text, int index)
    {
        json.WriteStartObject();
        json.WriteString("type", "reasoning.text");
        json.WriteAsIs("text", text);
        json.WriteString("format", GeminiReasoning.Format);
        json.WriteNumber("index", index);
        json.WriteEndObject();
    }

    /// <summary>Writes a signature as a detail.</summary>
    public static void WriteSignature(Utf8JsonWriter json, GeminiPiece piece, int index)
    {
        json.WriteStartObject();
        json.WriteString("type", "reasoning.encrypted");
        json.WriteString("data", GeminiReasoning.Pack(piece.Id, piece.Signature!));
        if (piece.Id.Length > 0)
        {
            json.WriteString("id", piece.Id);
        }

        json.WriteString("format", GeminiReasoning.Format);
        json.WriteNumber("index", index);
        json.WriteEndObject();
    }

    /// <summary>Writes images in the form in which other servers of the chat format give them.</summary>
    public static void WriteImages(Utf8JsonWriter json, IEnumerable<GeminiPiece> pieces)
    {
        json.WriteStartArray("images");
        foreach (var piece in pieces)
        {
            json.WriteStartObject();
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", $"data:{JsonTexts.Read(piece.Value, "mimeType")};base64,{JsonTexts.Read(piece.Value, "data")}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
