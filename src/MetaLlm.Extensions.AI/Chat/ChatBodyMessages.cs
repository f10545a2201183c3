using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>Writes messages as those of a chat completion request.</summary>
internal static class ChatBodyMessages
{
    private const int LongestName = 64;

    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    /// <summary>Writes messages.</summary>
    /// <param name="json">Receives the member.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="instructions">What stands before all of them; null for nothing.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<ChatMessage> messages, string? instructions)
    {
        json.WriteStartArray("messages");
        if (!string.IsNullOrWhiteSpace(instructions))
        {
            json.WriteStartObject();
            json.WriteString("role", "system");
            json.WriteString("content", instructions);
            json.WriteEndObject();
        }

        var index = 0;
        foreach (var message in messages)
        {
            Write(json, message, $"messages[{index++}]");
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ChatMessage message, string field)
    {
        var role = message.Role.Value;
        if (!Roles.Contains(role))
        {
            throw MetaLlmException.BadField($"{field}.Role", $"is '{role}'; it must be one of {string.Join(", ", Roles)}.");
        }

        var results = message.Contents.OfType<FunctionResultContent>().ToList();
        foreach (var result in results)
        {
            WriteResult(json, result, field);
        }

        var rest = message.Contents.Where(content => content is not (FunctionResultContent or UsageContent)).ToList();
        if (role == "tool" ? rest.Count == 0 && results.Count > 0 : results.Count > 0 && rest.Count == 0)
        {
            return;
        }

        if (role == "tool")
        {
            throw MetaLlmException.BadField($"{field}.Contents", $"has {(rest.Count == 0 ? "nothing" : rest[0].GetType().Name)}; a message of a tool has results of functions alone.");
        }

        WriteMessage(json, message, role, rest, $"{field}.Contents");
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message, string role, List<AIContent> contents, string field)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        if (Name(message.AuthorName) is { } name)
        {
            json.WriteString("name", name);
        }

        var calls = contents.OfType<FunctionCallContent>().Where(call => !call.InformationalOnly).ToList();
        var reasoning = contents.OfType<TextReasoningContent>().ToList();
        var refusals = contents.OfType<ErrorContent>().ToList();
        var parts = contents.Where(content => content is not (FunctionCallContent or TextReasoningContent or ErrorContent)).ToList();
        if ((calls.Count > 0 || refusals.Count > 0) && role != "assistant")
        {
            throw MetaLlmException.BadField(field, $"has a {(calls.Count > 0 ? nameof(FunctionCallContent) : nameof(ErrorContent))}; only a message of an assistant may.");
        }

        WriteContent(json, parts, role == "assistant", isOptional: calls.Count > 0 || refusals.Count > 0, field);
        if (refusals.Count > 0)
        {
            json.WriteString("refusal", string.Concat(refusals.Select(refusal => refusal.Message)));
        }

        ReasoningBlob.Write(json, reasoning);
        WriteCalls(json, calls, field);
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, List<AIContent> parts, bool isAnswer, bool isOptional, string field)
    {
        if (parts.Count == 0 && isOptional)
        {
            json.WriteNull("content");
        }
        else if ((isAnswer || parts.Count <= 1) && parts.TrueForAll(part => part is TextContent))
        {
            json.WriteString("content", string.Concat(parts.Cast<TextContent>().Select(part => part.Text)));
        }
        else
        {
            json.WriteStartArray("content");
            foreach (var part in parts)
            {
                ChatBodyParts.Write(json, part, field);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteCalls(Utf8JsonWriter json, List<FunctionCallContent> calls, string field)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.CallId);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments is null ? "{}" : ChatBody.ToJson(call.Arguments, $"{field}.{call.Name}.Arguments"));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result, string field)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString("content", result.Result switch
        {
            null => result.Exception is null ? string.Empty : "Error: the function failed.",
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } text => text.GetString(),
            TextContent text => text.Text,
            var value => ChatBody.ToJson(value, $"{field}.Contents.Result"),
        });
        json.WriteEndObject();
    }

    /// <summary>Names of agents and people are texts; upstreams take letters, digits, '-' and '_' alone.</summary>
    private static string? Name(string? author)
    {
        var name = author is null ? "" : new string([.. author.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(LongestName)]);
        return name.Length == 0 ? null : name;
    }
}
