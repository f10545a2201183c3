using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>A request with one question alone, taken apart.</summary>
/// <param name="Text">The text of its one user message.</param>
/// <param name="Rest">All of the request but that text, JSON.</param>
internal sealed record AskedQuestion(string Text, string Rest)
{
    private const double MostTemperature = 0.5;

    /// <summary>Members by which a request asks for more than one plain answer.</summary>
    private static readonly string[] Excluding = ["tools", "functions", "audio", "modalities", "logprobs", "prediction", "web_search_options", "mcp_servers"];

    /// <summary>Takes a request apart; null for one of another kind.</summary>
    /// <param name="body">The request, a JSON object that a surface has read.</param>
    public static AskedQuestion? Read(ReadOnlyMemory<byte> body)
    {
        var root = (JsonObject)JsonNode.Parse(body.Span)!;
        return !Array.Exists(Excluding, member => root[member] is not null)
            && !(root["temperature"] is { } warm && warm.GetValueKind() == JsonValueKind.Number && warm.GetValue<double>() > MostTemperature)
            && TakeText(root) is { } text
                ? new AskedQuestion(text, root.ToJsonString())
                : null;
    }

    private static string? TakeText(JsonObject root)
    {
        string? question = null;
        foreach (var node in root["messages"] as JsonArray ?? [])
        {
            if (node is not JsonObject message || message["role"]?.GetValue<string>() is not { } role || question is not null)
            {
                return null;
            }

            if (role == "user")
            {
                question = TakeContent(message);
                if (question is null)
                {
                    return null;
                }
            }
            else if (role is not ("system" or "developer"))
            {
                return null;
            }
        }

        return question;
    }

    private static string? TakeContent(JsonObject message)
    {
        var (holder, member) = message["content"] switch
        {
            JsonValue => (message, "content"),
            JsonArray { Count: 1 } parts when parts[0] is JsonObject part && part["type"]?.GetValue<string>() == "text" => (part, "text"),
            _ => default,
        };
        if (holder?[member] is not JsonValue value || !value.TryGetValue(out string? text))
        {
            return null;
        }

        // What else the part holds stays: an upstream may read it.
        holder[member] = null;
        return text;
    }
}
