using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Items of a conversation as chat messages. Reasoning, text and calls that follow each other are one message of the assistant's.</summary>
/// <param name="writer">Receives them.</param>
/// <param name="needs">Takes notes of what only OpenAI's format has.</param>
internal sealed class ResponsesTurns(Utf8JsonWriter writer, NativeNeeds needs)
{
    private readonly List<JsonObjectReader> _thoughts = [];
    private readonly List<JsonObjectReader> _calls = [];
    private JsonObjectReader? _said;

    /// <summary>Writes items.</summary>
    /// <param name="items">A list.</param>
    /// <param name="field">Its name, for errors.</param>
    /// <exception cref="ApiException">An item is illegal, or has no form in chat.</exception>
    public void Write(JsonElement items, string field)
    {
        var index = 0;
        foreach (var element in items.EnumerateArray())
        {
            Write(new JsonObjectReader(element, $"{field}[{index++}]"));
        }
    }

    /// <summary>Writes what the assistant said last.</summary>
    public void End()
    {
        if (_said is null && _calls.Count == 0 && _thoughts.Count == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        if (_said is { } message)
        {
            ResponsesContent.Write(writer, message, "content", ResponsesContent.OfAssistant);
        }
        else
        {
            writer.WriteNull("content");
        }

        ResponsesReasoning.Write(writer, _thoughts);
        WriteCalls();
        writer.WriteEndObject();
        _said = null;
        _thoughts.Clear();
        _calls.Clear();
    }

    private void Write(JsonObjectReader item)
    {
        var type = item.Text("type", 64) ?? "message";
        switch (type)
        {
            case "message":
                WriteMessage(item);
                break;
            case "reasoning":
                if (_said is not null || _calls.Count > 0)
                {
                    End();
                }

                _thoughts.Add(item);
                break;
            case "function_call":
                _calls.Add(item);
                break;
            case "function_call_output":
                End();
                WriteResult(item);
                break;
            case "mcp_list_tools" or "mcp_call" or "mcp_approval_request" or "mcp_approval_response":
                needs.Add(item.Field("type"), $"is '{type}', which is about a server that OpenAI calls; of the models that may serve the request none lies there.");
                break;
            default:
                throw ApiException.BadField(item.Field("type"), $"is '{type}'; it must be one of message, reasoning, function_call, function_call_output, item_reference.");
        }
    }

    private void WriteMessage(JsonObjectReader message)
    {
        var role = message.RequiredText("role", 32);
        if (role == "assistant")
        {
            if (_said is not null || _calls.Count > 0)
            {
                End();
            }

            _said = message;
            return;
        }

        if (role is not ("user" or "system" or "developer"))
        {
            throw ApiException.BadField(message.Field("role"), $"is '{role}'; it must be one of user, assistant, system, developer.");
        }

        End();
        writer.WriteStartObject();
        writer.WriteString("role", role);
        ResponsesContent.Write(writer, message, "content", ResponsesContent.OfUser);
        writer.WriteEndObject();
    }

    private void WriteCalls()
    {
        if (_calls.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tool_calls");
        foreach (var call in _calls)
        {
            writer.WriteStartObject();
            writer.Copy("id", call.RequiredString("call_id"));
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.Copy("name", call.RequiredString("name"));
            writer.Copy("arguments", call.RequiredString("arguments"));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteResult(JsonObjectReader result)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.Copy("tool_call_id", result.RequiredString("call_id"));
        ResponsesContent.Write(writer, result, "output", ResponsesContent.OfUser);
        writer.WriteEndObject();
    }
}
