using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>
/// Writes messages in formats whose two sides take turns: messages of one side that follow one another become one turn, and results of tools belong to the user's.
/// System and developer messages stand elsewhere.
/// </summary>
/// <param name="json">Receives them, within the request.</param>
/// <param name="assistant">The format's role of the model.</param>
/// <param name="content">The format's member of a turn that lists what was said.</param>
internal abstract class TurnWriter(Utf8JsonWriter json, string assistant, string content)
{
    /// <summary>The member of the request.</summary>
    protected const string Name = "messages";

    private string? _turn;

    /// <summary>The messages of a request.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">They are no list of messages with roles.</exception>
    protected static IReadOnlyList<JsonElement> Read(JsonElement request) =>
        request.Says(Name, out var given) && given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray()] : throw Untranslatable.Member(Name, "is no list.");

    /// <summary>Whether a message belongs to the system prompt.</summary>
    protected static bool IsSystem(JsonElement message) => Role(message) is "system" or "developer";

    /// <summary>The mark for a cache that a message bears.</summary>
    protected static JsonElement? Cache(JsonElement message) => message.Says("cache_control", out var cache) ? cache : null;

    /// <summary>Writes a member that lists what system messages say, where there are any.</summary>
    protected void WriteSystem(string member, IReadOnlyList<JsonElement> messages)
    {
        if (!messages.Any(IsSystem))
        {
            return;
        }

        json.WriteStartArray(member);
        foreach (var message in messages.Where(IsSystem))
        {
            WriteParts(message);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a member that lists the turns.</summary>
    protected void WriteTurns(string member, IEnumerable<JsonElement> messages)
    {
        json.WriteStartArray(member);
        foreach (var message in messages.Where(m => !IsSystem(m)))
        {
            WriteMessage(message);
        }

        EndTurn();
        json.WriteEndArray();
    }

    /// <summary>Writes what a user or the system said.</summary>
    protected abstract void WriteParts(JsonElement message);

    /// <summary>Writes what a model said and called.</summary>
    protected abstract void WriteAssistant(JsonElement message);

    /// <summary>Writes the result of a call.</summary>
    /// <param name="message">The message.</param>
    /// <param name="id">Id of the call.</param>
    protected abstract void WriteResult(JsonElement message, string id);

    private static string Role(JsonElement message) =>
        message.Says("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : throw Untranslatable.Member(Name, "has a message without a role.");

    private void WriteMessage(JsonElement message)
    {
        switch (Role(message))
        {
            case "user":
                Begin("user");
                WriteParts(message);
                break;
            case "assistant":
                Begin(assistant);
                if (message.Says("function_call", out _) || message.Says("audio", out _))
                {
                    throw Untranslatable.Member(Name, "has a message with a function_call or audio, which this model does not know.");
                }

                WriteAssistant(message);
                break;
            case "tool":
                Begin("user");
                WriteResult(message, message.Says("tool_call_id", out var id) && id.ValueKind == JsonValueKind.String
                    ? id.GetString()!
                    : throw Untranslatable.Member(Name, "has a message of role 'tool' without tool_call_id."));
                break;
            case var role:
                throw Untranslatable.Member(Name, $"has a message of role '{role}', which this model does not know.");
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
        json.WriteStartArray(content);
    }

    private void EndTurn()
    {
        if (_turn is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
