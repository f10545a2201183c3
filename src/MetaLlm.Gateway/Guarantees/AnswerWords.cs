using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>What a chat completion says: its words, and the tools that it calls. Reasoning is none of it.</summary>
/// <param name="Text">The words; empty where it says nothing in words.</param>
/// <param name="Calls">Name and arguments of each tool, in order.</param>
internal sealed record AnswerWords(string Text, IReadOnlyList<(string Name, string Arguments)> Calls)
{
    /// <summary>Reads the first choice.</summary>
    /// <param name="bytes">The body, or all events of a stream.</param>
    /// <param name="isStream">Whether it comes in events.</param>
    /// <returns>Null where it is no chat completion.</returns>
    public static AnswerWords? Read(ReadOnlyMemory<byte> bytes, bool isStream)
    {
        var (text, calls) = (new StringBuilder(), new SortedDictionary<int, (StringBuilder Name, StringBuilder Arguments)>());
        var isAnswer = false;
        try
        {
            foreach (var root in isStream ? ChatEvents.Objects(bytes).Select(data => JsonNode.Parse(data.Span)) : [JsonNode.Parse(bytes.Span)])
            {
                if (root?["choices"] is JsonArray { Count: > 0 } choices && choices[0] is JsonObject choice)
                {
                    isAnswer = true;
                    Add(choice, text, calls);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or FormatException)
        {
            return null;
        }

        return !isAnswer ? null : new AnswerWords(text.ToString(), [.. calls.Values.Select(call => (call.Name.ToString(), call.Arguments.ToString()))]);
    }

    private static void Add(JsonObject choice, StringBuilder text, SortedDictionary<int, (StringBuilder Name, StringBuilder Arguments)> calls)
    {
        text.Append(TextSlots.Text(choice["text"]));
        if ((choice["message"] ?? choice["delta"]) is not JsonObject message)
        {
            return;
        }

        foreach (var part in message["content"] is JsonArray parts ? parts.Select(part => part?["text"]) : [message["content"]])
        {
            text.Append(TextSlots.Text(part));
        }

        text.Append(TextSlots.Text(message["refusal"]));
        if (message["function_call"] is JsonObject function)
        {
            Add(function, -1, calls);
        }

        var place = 0;
        foreach (var call in (message["tool_calls"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var index = call["index"]?.GetValueKind() == JsonValueKind.Number ? call["index"]!.GetValue<int>() : place;
            place++;
            if ((call["function"] ?? call["custom"]) is JsonObject called)
            {
                Add(called, index, calls);
            }
        }
    }

    private static void Add(JsonObject called, int index, SortedDictionary<int, (StringBuilder Name, StringBuilder Arguments)> calls)
    {
        if (!calls.TryGetValue(index, out var call))
        {
            calls[index] = call = (new StringBuilder(), new StringBuilder());
        }

        call.Name.Append(TextSlots.Text(called["name"]));
        call.Arguments.Append(TextSlots.Text(called["arguments"]) ?? TextSlots.Text(called["input"]));
    }
}
