using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>What two requests must have in common for the answer of one to stand for the other: everything but the words of their question.</summary>
/// <param name="Hash">A hash of all parameters, instructions, wishes, models, and the numbers of the question.</param>
internal readonly record struct SimilarKey(UInt128 Hash)
{
    private const double MostTemperature = 0.5;

    /// <summary>Surfaces whose answers are nothing that a client goes on from by an id.</summary>
    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/messages"];

    /// <summary>Members by which a request asks for more than one plain answer.</summary>
    private static readonly string[] Excluding = ["tools", "functions", "audio", "modalities", "logprobs", "prediction", "web_search_options", "mcp_servers"];

    /// <summary>The key of a request; null for one that only its very own answer can answer.</summary>
    public static SimilarKey? Of(HttpRequest request, SurfaceRequest asked, TenantSettings tenant)
    {
        if (asked.Payload.Kind != CallKind.Chat || asked.Chat.Route.Choices != 1 || !Array.Exists(Paths, path => request.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var root = (JsonObject)JsonNode.Parse(asked.Payload.Body.Span)!;
        if (Array.Exists(Excluding, member => root[member] is not null) || (root["temperature"] is { } warm && warm.GetValueKind() == JsonValueKind.Number && warm.GetValue<double>() > MostTemperature)
            || TakeQuestion(root) is not { } question)
        {
            return null;
        }

        var models = string.Join('\n', tenant.Targets.Select(target => $"{target.Key} {target.Value.Endpoint.Name} {target.Value.Model}").Order(StringComparer.Ordinal));
        var rest = Encoding.UTF8.GetBytes(root.ToJsonString());
        var hash = RequestFingerprint.Of(request, rest, $"{tenant.Revision}\n{models}\n{tenant.Guardrails.Words}\n{Numbers(question)}");
        return new SimilarKey(BitConverter.ToUInt128(hash));
    }

    /// <summary>Takes the text of the one user message out of the request.</summary>
    /// <returns>It; null where there is another kind of conversation.</returns>
    private static string? TakeQuestion(JsonObject root)
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
                question = Text(message["content"]);
                if (question is null)
                {
                    return null;
                }

                message["content"] = null;
            }
            else if (role is not ("system" or "developer"))
            {
                return null;
            }
        }

        return question;
    }

    private static string? Text(JsonNode? content) => content switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonArray { Count: 1 } parts when parts[0] is JsonObject part && part["type"]?.GetValue<string>() == "text" && part["text"] is JsonValue value && value.TryGetValue(out string? text) => text,
        _ => null,
    };

    /// <summary>The numbers of a question, which embeddings hardly tell apart.</summary>
    private static string Numbers(string question)
    {
        var numbers = new StringBuilder();
        var isWithin = false;
        foreach (var c in question)
        {
            if (char.IsDigit(c))
            {
                numbers.Append(isWithin ? "" : " ").Append(c);
            }

            isWithin = char.IsDigit(c) || (isWithin && c is '.' or ',');
        }

        return numbers.ToString();
    }
}
