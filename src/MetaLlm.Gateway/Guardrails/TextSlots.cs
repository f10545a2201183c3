using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>Finds the texts of chat completions, of their requests, and of the formats beside chat. Images, sound and files are none.</summary>
internal static class TextSlots
{
    public const string Content = "content";
    public const string Reasoning = "reasoning";
    public const string Refusal = "refusal";
    public const string Arguments = "arguments";
    public const string Input = "input";

    private const string Assistant = "assistant";

    /// <summary>Every text of a request, wherever it stands.</summary>
    /// <param name="root">The body.</param>
    /// <param name="kind">What it asks for.</param>
    public static IEnumerable<TextSlot> OfRequest(JsonObject root, CallKind kind)
    {
        TextSlot[] turns = [.. OfTurns(root, kind)];
        return turns.Concat(OtherTexts.Of(root, turns.Select(slot => slot.Place)));
    }

    /// <summary>What a request asks and what was said before: its messages, its prompt or its input.</summary>
    /// <param name="root">The body.</param>
    /// <param name="kind">What it asks for.</param>
    public static IEnumerable<TextSlot> OfTurns(JsonObject root, CallKind kind) => kind switch
    {
        CallKind.Embeddings => OfList(root, "input"),
        CallKind.Completions => OfList(root, "prompt").Concat(OfMember(root, "suffix", (1, Content, 0), Input, Content)),
        _ => OfMessages(root),
    };

    /// <summary>Texts of an answer, or of one event of a streamed one.</summary>
    public static IEnumerable<TextSlot> OfAnswer(JsonObject root)
    {
        if (root["choices"] is not JsonArray choices)
        {
            yield break;
        }

        for (var i = 0; i < choices.Count; i++)
        {
            if (choices[i] is not JsonObject choice)
            {
                continue;
            }

            var index = Whole(choice["index"]) ?? i;
            var slots = (choice["message"] ?? choice["delta"]) is JsonObject message
                ? OfMessage(message, index, Assistant)
                : OfMember(choice, "text", (index, Content, 0), Assistant, Content);
            foreach (var slot in slots)
            {
                yield return slot;
            }
        }
    }

    /// <summary>Whether a list holds tokens where texts may stand: nobody can read those.</summary>
    public static bool HasTokens(JsonObject root, string member) =>
        root[member] is JsonArray list && list.Any(item => item is JsonArray || item?.GetValueKind() == JsonValueKind.Number);

    private static IEnumerable<TextSlot> OfMessages(JsonObject root)
    {
        if (root["messages"] is not JsonArray messages)
        {
            yield break;
        }

        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i] is JsonObject message)
            {
                foreach (var slot in OfMessage(message, i, Text(message["role"]) ?? "user"))
                {
                    yield return slot;
                }
            }
        }
    }

    private static IEnumerable<TextSlot> OfMessage(JsonObject message, int choice, string role)
    {
        foreach (var slot in (TextSlot[])
            [.. OfParts(message, Content, choice, role), .. OfMember(message, "refusal", (choice, Refusal, 0), role, Refusal),
                .. OfMember(message, "reasoning_content", (choice, Reasoning, -1), role, Reasoning), .. OfMember(message, "reasoning", (choice, Reasoning, -2), role, Reasoning)])
        {
            yield return slot;
        }

        foreach (var (detail, at) in Objects(message["reasoning_details"]))
        {
            var index = Whole(detail["index"]) ?? at;
            foreach (var slot in OfMember(detail, "text", (choice, Reasoning, 2 * index), role, Reasoning).Concat(OfMember(detail, "summary", (choice, Reasoning, (2 * index) + 1), role, Reasoning)))
            {
                yield return slot;
            }
        }

        foreach (var (call, at) in Objects(message["tool_calls"]))
        {
            if ((call["function"] ?? call["custom"]) is JsonObject called)
            {
                var key = (choice, Arguments, Whole(call["index"]) ?? at);
                foreach (var slot in OfMember(called, called.ContainsKey("arguments") ? "arguments" : "input", key, role, Arguments))
                {
                    yield return slot;
                }
            }
        }

        if (message["audio"] is JsonObject audio)
        {
            foreach (var slot in OfMember(audio, "transcript", (choice, Content, -1), role, Content))
            {
                yield return slot;
            }
        }

        if (message["function_call"] is JsonObject function)
        {
            foreach (var slot in OfMember(function, "arguments", (choice, Arguments, -1), role, Arguments))
            {
                yield return slot;
            }
        }
    }

    /// <summary>A text, or the texts of a list of parts.</summary>
    private static IEnumerable<TextSlot> OfParts(JsonObject message, string member, int choice, string role)
    {
        if (message[member] is not JsonArray)
        {
            return OfMember(message, member, (choice, Content, 0), role, Content);
        }

        return Objects(message[member]).SelectMany(part => OfMember(part.Value, "text", (choice, Content, part.Index), role, Content)
            .Concat(OfMember(part.Value, "refusal", (choice, Refusal, part.Index), role, Refusal))
            .Concat(Objects(part.Value["thinking"]).SelectMany(thought => OfMember(thought.Value, "text", (choice, Reasoning, -3 - thought.Index), role, Reasoning))));
    }

    private static IEnumerable<TextSlot> OfList(JsonObject root, string member)
    {
        if (root[member] is not JsonArray list)
        {
            return OfMember(root, member, (0, Content, 0), Input, Content);
        }

        return Enumerable.Range(0, list.Count).Where(i => Text(list[i]) is not null)
            .Select(i => new TextSlot((0, Content, i), Input, Content, Text(list[i])!, text => list[i] = JsonValue.Create(text)) { Place = list[i]! });
    }

    private static IEnumerable<TextSlot> OfMember(JsonObject owner, string member, (int Choice, string Kind, int Index) key, string role, string kind)
    {
        if (Text(owner[member]) is { Length: > 0 } text)
        {
            yield return new TextSlot(key, role, kind, text, other => owner[member] = JsonValue.Create(other)) { Place = owner[member]! };
        }
    }

    private static IEnumerable<(JsonObject Value, int Index)> Objects(JsonNode? list) =>
        list is JsonArray items ? items.Select((item, i) => (Value: item as JsonObject, Index: i)).Where(item => item.Value is not null).Select(item => (item.Value!, item.Index)) : [];

    /// <summary>The text that a node is; null where it is none.</summary>
    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static int? Whole(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out int number) ? number : null;
}
