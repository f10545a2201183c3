using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Writes messages as items: what an assistant thought, said and called are items of their own, as are results of tools.</summary>
/// <param name="json">Receives them, within the request.</param>
internal sealed class ResponsesInput(Utf8JsonWriter json)
{
    private const string Name = "messages";

    private readonly ResponsesParts _parts = new(json);

    /// <summary>Writes the member <c>input</c>.</summary>
    public void Write(JsonElement request)
    {
        if (!request.Says(Name, out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            throw Untranslatable.Member(Name, "is no list.");
        }

        json.WriteStartArray("input");
        foreach (var message in messages.EnumerateArray())
        {
            WriteMessage(message);
        }

        json.WriteEndArray();
    }

    private void WriteMessage(JsonElement message)
    {
        switch (message.Says("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString() : throw Untranslatable.Member(Name, "has a message without a role."))
        {
            case "user" or "system" or "developer":
                json.WriteStartObject();
                json.WriteString("type", "message");
                json.WriteAsIs("role", role);
                _parts.Write("content", message);
                json.WriteEndObject();
                break;
            case "assistant":
                WriteAssistant(message);
                break;
            case "tool":
                json.WriteStartObject();
                json.WriteString("type", "function_call_output");
                json.WriteAsIs("call_id", message.Says("tool_call_id", out var id) && id.ValueKind == JsonValueKind.String
                    ? id : throw Untranslatable.Member(Name, "has a message of role 'tool' without tool_call_id."));
                _parts.Write("output", message);
                json.WriteEndObject();
                break;
            case var other:
                throw Untranslatable.Member(Name, $"has a message of role '{other}', which this model does not know.");
        }
    }

    private void WriteAssistant(JsonElement message)
    {
        if (message.Says("function_call", out _) || message.Says("audio", out _))
        {
            throw Untranslatable.Member(Name, "has a message with a function_call or audio, which this model does not know.");
        }

        foreach (var thought in ResponsesReasoning.Of(message))
        {
            json.WriteStartObject();
            json.WriteString("type", "reasoning");
            if (thought.Id.Length > 0)
            {
                json.WriteString("id", thought.Id);
            }

            json.WriteStartArray("summary");
            json.WriteEndArray();
            json.WriteString("encrypted_content", thought.Data);
            json.WriteEndObject();
        }

        _parts.WriteAssistant(message);
        foreach (var call in ToolCalls.Of(message))
        {
            var (id, name, function) = ToolCalls.Read(call);
            json.WriteStartObject();
            json.WriteString("type", "function_call");
            json.WriteString("call_id", id);
            json.WriteAsIs("name", name);
            if (function.Says("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String)
            {
                json.WriteAsIs("arguments", arguments);
            }
            else
            {
                json.WriteString("arguments", "{}");
            }

            json.WriteEndObject();
        }
    }
}
