using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Writes messages: system and developer messages, wherever they stand, become the system instruction; results of tools name their tool.</summary>
/// <param name="json">Receives them, within the request.</param>
/// <param name="model">The model's name.</param>
/// <param name="adapted">Receives what was left out of parts.</param>
internal sealed class GeminiMessages(Utf8JsonWriter json, string model, List<string> adapted) : TurnWriter(json, "model", "parts")
{
    /// <summary>Stands in for the signature of calls that another model made; without one a turn under way would be refused.</summary>
    private const string NoSignature = "skip_thought_signature_validator";

    private readonly Utf8JsonWriter _json = json;
    private readonly GeminiParts _parts = new(json, adapted);
    private readonly Dictionary<string, JsonElement> _tools = new(StringComparer.Ordinal);

    /// <summary>Writes the members <c>systemInstruction</c> and <c>contents</c>.</summary>
    public void Write(JsonElement request)
    {
        var messages = Read(request);
        if (messages.Any(IsSystem))
        {
            _json.WriteStartObject("systemInstruction");
            WriteSystem("parts", messages);
            _json.WriteEndObject();
        }

        WriteTurns("contents", messages);
    }

    /// <inheritdoc/>
    protected override void WriteParts(JsonElement message) => _parts.Write(message, null);

    /// <inheritdoc/>
    protected override void WriteAssistant(JsonElement message)
    {
        var signatures = GeminiReasoning.Of(message);
        _parts.Write(message, null);
        if (message.Says("refusal", out var refusal) && refusal.IsFilledText())
        {
            WriteText(refusal);
        }

        if (signatures.TryGetValue(string.Empty, out var ofText))
        {
            _json.WriteStartObject();
            _json.WriteString("text", "");
            _json.WriteString("thoughtSignature", ofText);
            _json.WriteEndObject();
        }

        var calls = ToolCalls.Of(message);
        var isUnsigned = GeminiThinking.NeedsSignatures(model) && !signatures.Keys.Any(id => id.Length > 0);
        for (var i = 0; i < calls.Count; i++)
        {
            WriteCall(calls[i], signatures, isUnsigned && i == 0 ? NoSignature : null);
        }
    }

    /// <inheritdoc/>
    protected override void WriteResult(JsonElement message, string id)
    {
        if (!_tools.TryGetValue(id, out var name))
        {
            throw Untranslatable.Member(Name, "has a result of a call that stands nowhere before it; this model needs the name of its tool.");
        }

        _json.WriteStartObject();
        _json.WriteStartObject("functionResponse");
        WriteId(id);
        _json.WriteAsIs("name", name);
        _json.WritePropertyName("response");
        WriteResponse(message, Text(message));
        if (message.Says("content", out var content) && content.ValueKind == JsonValueKind.Array && content.EnumerateArray().Any(part => !IsText(part)))
        {
            _json.WriteStartArray("parts");
            _parts.Write(message, null);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private static bool IsText(JsonElement part) => part.Says("type", out var type) && type.IsText("text"u8);

    private static string Text(JsonElement message)
    {
        if (!message.Says("content", out var content))
        {
            return string.Empty;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return content.ValueKind == JsonValueKind.String ? content.GetString()! : throw Untranslatable.Member(Name, "has content that is neither a text nor a list.");
        }

        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray().Where(IsText))
        {
            text.Append(part.Says("text", out var piece) && piece.ValueKind == JsonValueKind.String ? piece.GetString() : null);
        }

        return text.ToString();
    }

    /// <summary>A result is an object. One that is none is the object's output, or its error.</summary>
    private void WriteResponse(JsonElement message, string text)
    {
        var isError = message.Says("is_error", out var said) && said.ValueKind == JsonValueKind.True;
        if (!isError && text.AsSpan().TrimStart().StartsWith("{") && IsObject(text))
        {
            _json.WriteRawValue(text);
            return;
        }

        _json.WriteStartObject();
        _json.WriteString(isError ? "error" : "output", text);
        _json.WriteEndObject();
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void WriteCall(JsonElement call, IReadOnlyDictionary<string, string> signatures, string? substitute)
    {
        var (id, name, function) = ToolCalls.Read(call);
        _tools[id] = name;
        _json.WriteStartObject();
        _json.WriteStartObject("functionCall");
        WriteId(id);
        _json.WriteAsIs("name", name);
        _json.WritePropertyName("args");
        ToolCalls.WriteArguments(_json, function);
        _json.WriteEndObject();
        if ((signatures.TryGetValue(id, out var signature) ? signature : substitute) is { } own)
        {
            _json.WriteString("thoughtSignature", own);
        }

        _json.WriteEndObject();
    }

    /// <summary>Ids that we have given to calls without one are ours alone.</summary>
    private void WriteId(string id)
    {
        if (!GeminiContent.IsOurId(id))
        {
            _json.WriteString("id", id);
        }
    }

    private void WriteText(JsonElement text)
    {
        _json.WriteStartObject();
        _json.WriteAsIs("text", text);
        _json.WriteEndObject();
    }
}
