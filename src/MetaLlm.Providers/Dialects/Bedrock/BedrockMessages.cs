using System.Text.Json;
using MetaLlm.Providers.Dialects.Anthropic;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Writes messages: system and developer messages, wherever they stand, become the system prompt.</summary>
/// <param name="json">Receives them, within the request.</param>
/// <param name="adapted">Receives what was left out of parts.</param>
internal sealed class BedrockMessages(Utf8JsonWriter json, List<string> adapted) : TurnWriter(json, "assistant", "content")
{
    private readonly Utf8JsonWriter _json = json;
    private readonly BedrockParts _parts = new(json, adapted);
    private readonly BedrockParts _results = new(json, adapted) { MarksCaches = false };

    /// <summary>Writes the members <c>system</c> and <c>messages</c>.</summary>
    public void Write(JsonElement request)
    {
        var messages = Read(request);
        WriteSystem("system", messages);
        WriteTurns(Name, messages);
    }

    /// <inheritdoc/>
    protected override void WriteParts(JsonElement message) => _parts.Write(message, Cache(message));

    /// <inheritdoc/>
    protected override void WriteAssistant(JsonElement message)
    {
        foreach (var thought in AnthropicReasoning.Of(message))
        {
            WriteThought(thought);
        }

        var calls = ToolCalls.Of(message);
        _parts.Write(message, calls.Count > 0 ? null : Cache(message));
        if (message.Says("refusal", out var refusal) && refusal.IsFilledText())
        {
            _json.WriteStartObject();
            _json.WriteAsIs("text", refusal);
            _json.WriteEndObject();
        }

        foreach (var call in calls)
        {
            WriteCall(call);
        }

        BedrockParts.WriteCachePoint(_json, calls.Count > 0 ? Cache(message) : null);
    }

    /// <inheritdoc/>
    protected override void WriteResult(JsonElement message, string id)
    {
        _json.WriteStartObject();
        _json.WriteStartObject("toolResult");
        _json.WriteString("toolUseId", ToolCalls.LegalId(id));
        _json.WriteStartArray("content");
        _results.Write(message, null);
        _json.WriteEndArray();
        if (message.Says("is_error", out var isError) && isError.ValueKind == JsonValueKind.True)
        {
            _json.WriteString("status", "error");
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        BedrockParts.WriteCachePoint(_json, Cache(message));
    }

    private void WriteThought(AnthropicReasoning.Thought thought)
    {
        _json.WriteStartObject();
        _json.WriteStartObject("reasoningContent");
        if (thought.Data is { } data)
        {
            _json.WriteAsIs("redactedContent", data);
        }
        else
        {
            _json.WriteStartObject("reasoningText");
            _json.WriteString("text", thought.Text);
            _json.WriteAsIs("signature", thought.Signature);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteCall(JsonElement call)
    {
        var (id, name, function) = ToolCalls.Read(call);
        _json.WriteStartObject();
        _json.WriteStartObject("toolUse");
        _json.WriteString("toolUseId", ToolCalls.LegalId(id));
        _json.WriteAsIs("name", name);
        _json.WritePropertyName("input");
        ToolCalls.WriteArguments(_json, function);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }
}
