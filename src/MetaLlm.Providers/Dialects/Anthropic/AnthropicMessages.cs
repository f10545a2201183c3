using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes messages: system and developer messages, wherever they stand, become the system prompt.</summary>
/// <param name="json">Receives them, within the request.</param>
/// <param name="adapted">Receives what was left out of parts.</param>
internal sealed class AnthropicMessages(Utf8JsonWriter json, List<string> adapted) : TurnWriter(json, "assistant", "content")
{
    private readonly Utf8JsonWriter _json = json;
    private readonly AnthropicParts _parts = new(json, adapted);

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
        WriteThinking(message);
        var calls = ToolCalls.Of(message);
        _parts.Write(message, calls.Count > 0 ? null : Cache(message));
        if (message.Says("refusal", out var refusal) && refusal.IsFilledText())
        {
            _json.WriteStartObject();
            _json.WriteString("type", "text");
            _json.WriteAsIs("text", refusal);
            _json.WriteEndObject();
        }

        for (var i = 0; i < calls.Count; i++)
        {
            WriteCall(calls[i], i == calls.Count - 1 ? Cache(message) : null);
        }
    }

    /// <inheritdoc/>
    protected override void WriteResult(JsonElement message, string id)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "tool_result");
        _json.WriteString("tool_use_id", ToolCalls.LegalId(id));
        _json.WriteStartArray("content");
        _parts.Write(message, null);
        _json.WriteEndArray();
        if (message.Says("is_error", out var isError))
        {
            _json.WriteAsIs("is_error", isError);
        }

        WriteCache(Cache(message));
        _json.WriteEndObject();
    }

    private void WriteThinking(JsonElement message)
    {
        foreach (var block in AnthropicReasoning.Of(message))
        {
            _json.WriteStartObject();
            if (block.Data is { } data)
            {
                _json.WriteString("type", "redacted_thinking");
                _json.WriteAsIs("data", data);
            }
            else
            {
                _json.WriteString("type", "thinking");
                _json.WriteString("thinking", block.Text);
                _json.WriteAsIs("signature", block.Signature);
            }

            _json.WriteEndObject();
        }
    }

    private void WriteCall(JsonElement call, JsonElement? cache)
    {
        var (id, name, function) = ToolCalls.Read(call);
        _json.WriteStartObject();
        _json.WriteString("type", "tool_use");
        _json.WriteString("id", ToolCalls.LegalId(id));
        _json.WriteAsIs("name", name);
        _json.WritePropertyName("input");
        ToolCalls.WriteArguments(_json, function);
        WriteCache(cache);
        _json.WriteEndObject();
    }

    private void WriteCache(JsonElement? cache)
    {
        if (cache is { } value)
        {
            _json.WriteAsIs("cache_control", value);
        }
    }
}
