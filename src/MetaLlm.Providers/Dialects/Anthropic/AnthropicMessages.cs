using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>
/// Writes messages: system and developer messages, wherever they stand, become the system prompt; those of one side that follow one another become one turn, and
/// results of tools begin the user's.
/// </summary>
/// <param name="json">Receives them, within the request.</param>
/// <param name="adapted">Receives what was left out of parts.</param>
internal sealed class AnthropicMessages(Utf8JsonWriter json, List<string> adapted)
{
    private const string Name = "messages";
    private readonly AnthropicParts _parts = new(json, adapted);
    private string? _turn;

    /// <summary>Writes the members <c>system</c> and <c>messages</c>.</summary>
    public void Write(JsonElement request)
    {
        var messages = request.Says(Name, out var given) && given.ValueKind == JsonValueKind.Array ? given : throw Untranslatable.Member(Name, "is no list.");
        if (messages.EnumerateArray().Any(IsSystem))
        {
            json.WriteStartArray("system");
            foreach (var message in messages.EnumerateArray().Where(IsSystem))
            {
                _parts.Write(message, Cache(message));
            }

            json.WriteEndArray();
        }

        json.WriteStartArray(Name);
        foreach (var message in messages.EnumerateArray().Where(m => !IsSystem(m)))
        {
            WriteMessage(message);
        }

        EndTurn();
        json.WriteEndArray();
    }

    private static string Role(JsonElement message) =>
        message.Says("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : throw Untranslatable.Member(Name, "has a message without a role.");

    private static bool IsSystem(JsonElement message) => Role(message) is "system" or "developer";

    private static JsonElement? Cache(JsonElement message) => message.Says("cache_control", out var cache) ? cache : null;

    private void WriteMessage(JsonElement message)
    {
        switch (Role(message))
        {
            case "user":
                Begin("user");
                _parts.Write(message, Cache(message));
                break;
            case "assistant":
                Begin("assistant");
                WriteAssistant(message);
                break;
            case "tool":
                Begin("user");
                WriteResult(message);
                break;
            case var role:
                throw Untranslatable.Member(Name, $"has a message of role '{role}', which this model does not know.");
        }
    }

    private void WriteAssistant(JsonElement message)
    {
        if (message.Says("function_call", out _) || message.Says("audio", out _))
        {
            throw Untranslatable.Member(Name, "has a message with a function_call or audio, which this model does not know.");
        }

        AnthropicReasoning.Write(json, message);
        var hasCalls = message.Says("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0;
        _parts.Write(message, hasCalls ? null : Cache(message));
        if (message.Says("refusal", out var refusal) && refusal.IsFilledText())
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteAsIs("text", refusal);
            json.WriteEndObject();
        }

        var left = hasCalls ? calls.GetArrayLength() : 0;
        foreach (var call in hasCalls ? calls.EnumerateArray().ToArray() : [])
        {
            WriteCall(call, --left == 0 ? Cache(message) : null);
        }
    }

    private void WriteCall(JsonElement call, JsonElement? cache)
    {
        if (!call.Says("function", out var function) || !function.Says("name", out var name) || !call.Says("id", out var id) || id.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has a tool call that is no call of a function with id and name.");
        }

        json.WriteStartObject();
        json.WriteString("type", "tool_use");
        json.WriteString("id", LegalId(id.GetString()!));
        json.WriteAsIs("name", name);
        json.WritePropertyName("input");
        WriteArguments(function);
        WriteCache(cache);
        json.WriteEndObject();
    }

    /// <summary>Arguments are a text that holds an object; here they are the object.</summary>
    private void WriteArguments(JsonElement function)
    {
        var text = function.Says("arguments", out var arguments) && arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : string.Empty;
        if (string.IsNullOrWhiteSpace(text))
        {
            json.WriteStartObject();
            json.WriteEndObject();
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                json.WriteAsIs(document.RootElement);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw Untranslatable.Member(Name, "has a tool call whose arguments are no JSON object, which this model needs.");
    }

    private void WriteResult(JsonElement message)
    {
        if (!message.Says("tool_call_id", out var id) || id.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has a message of role 'tool' without tool_call_id.");
        }

        json.WriteStartObject();
        json.WriteString("type", "tool_result");
        json.WriteString("tool_use_id", LegalId(id.GetString()!));
        json.WriteStartArray("content");
        _parts.Write(message, null);
        json.WriteEndArray();
        if (message.Says("is_error", out var isError))
        {
            json.WriteAsIs("is_error", isError);
        }

        WriteCache(Cache(message));
        json.WriteEndObject();
    }

    private void WriteCache(JsonElement? cache)
    {
        if (cache is { } value)
        {
            json.WriteAsIs("cache_control", value);
        }
    }

    private void Begin(string turn)
    {
        if (_turn == turn)
        {
            return;
        }

        EndTurn();
        _turn = turn;
        json.WriteStartObject();
        json.WriteString("role", turn);
        json.WriteStartArray("content");
    }

    private void EndTurn()
    {
        if (_turn is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    /// <summary>Ids of other models' calls may have signs that are illegal here; they become <c>_</c> and their number, the same in call and result.</summary>
    private static string LegalId(string id)
    {
        if (id.All(IsLegal))
        {
            return id;
        }

        var legal = new StringBuilder(id.Length + 8);
        foreach (var c in id)
        {
            legal.Append(IsLegal(c) ? c.ToString() : $"_{(int)c:x}");
        }

        return legal.ToString();
    }

    private static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
