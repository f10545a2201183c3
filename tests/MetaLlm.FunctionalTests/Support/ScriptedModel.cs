using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>
/// A model behind an upstream of the OpenAI format that does what its request says: it calls the first tool until it has two results, or the first two at once, thinks
/// when it is told how hard, says what it was shown, and answers in the form that it is asked for. Streams come in pieces.
/// </summary>
internal static class ScriptedModel
{
    public const string Signature = "c2lnbmF0dXJl";

    public static async Task AnswerAsync(HttpContext context, string body)
    {
        var request = JsonNode.Parse(body)!;
        if (request["prompt"] is not null)
        {
            await CompleteAsync(context, (bool?)request["stream"] == true);
            return;
        }

        var messages = request["messages"]!.AsArray();
        if (body.Contains("please object", StringComparison.Ordinal))
        {
            await ScriptedUpstream.FailAsync(context, 400, """{"error":{"message":"I object.","type":"invalid_request_error","param":"messages","code":"no"}}""");
            return;
        }

        var results = messages.Where(message => (string?)message!["role"] == "tool").ToList();
        var deltas = new List<JsonObject>();
        if (request["reasoning_effort"] is not null)
        {
            deltas.Add(new JsonObject { ["reasoning_content"] = "Let me ", ["reasoning_details"] = new JsonArray(new JsonObject { ["type"] = "reasoning.text", ["text"] = "Let me ", ["index"] = 0 }) });
            deltas.Add(new JsonObject { ["reasoning_content"] = "think.", ["reasoning_details"] = new JsonArray(new JsonObject { ["type"] = "reasoning.text", ["text"] = "think.", ["index"] = 0 }) });
            deltas.Add(new JsonObject { ["reasoning_details"] = new JsonArray(new JsonObject { ["type"] = "reasoning.text", ["signature"] = Signature, ["index"] = 0 }) });
            deltas.Add(new JsonObject { ["reasoning_details"] = new JsonArray(new JsonObject { ["type"] = "reasoning.encrypted", ["data"] = "aGlkZGVu", ["id"] = "rs_1", ["index"] = 1 }) });
        }

        var calls = request["tools"] is JsonArray && results.Count < 2;
        if (calls)
        {
            var tools = request["tools"]!.AsArray();
            for (var index = 0; index < Math.Min(tools.Count, 2); index++)
            {
                var id = index == 0 ? $"call_{results.Count}" : $"call_{results.Count}_{index}";
                var name = (string)tools[index]!["function"]!["name"]!;
                deltas.Add(Call(new JsonObject { ["index"] = index, ["id"] = id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["arguments"] = "" } }));
                deltas.Add(Call(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = "{\"city\":" } }));
                deltas.Add(Call(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = "\"Rome\"}" } }));
            }
        }
        else
        {
            var text = request["response_format"] is not null ? """{"answer":"yes"}"""
                : results.Count > 0 ? "Results: " + string.Join(", ", results.Select(Text))
                : body.Contains("image_url", StringComparison.Ordinal) ? "I see an image."
                : body.Contains("file_data", StringComparison.Ordinal) ? "I see a document."
                : "Hello there.";
            deltas.AddRange(text.Chunk(5).Select(piece => new JsonObject { ["content"] = new string(piece) }));
        }

        var finish = calls ? "tool_calls" : "stop";
        await (body.Contains("\"stream\":true", StringComparison.Ordinal) ? StreamAsync(context, deltas, finish) : WholeAsync(context, request, deltas, finish));
    }

    /// <summary>Answers with a vector for each text.</summary>
    public static Task EmbedAsync(HttpContext context, string body)
    {
        var request = JsonNode.Parse(body)!;
        var numbers = Enumerable.Range(1, (int?)request["dimensions"] ?? 256).Select(i => 1f / i).ToArray();
        JsonNode vector = (string?)request["encoding_format"] == "base64"
            ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(numbers.AsSpan())) : new JsonArray([.. numbers.Select(number => (JsonNode)number)]);
        var count = request["input"] is JsonArray list ? list.Count : 1;
        return ScriptedUpstream.FailAsync(context, 200, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. Enumerable.Range(0, count).Select(index => new JsonObject { ["object"] = "embedding", ["index"] = index, ["embedding"] = vector.DeepClone() })]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 2 * count, ["total_tokens"] = 2 * count },
        }.ToJsonString());
    }

    private static async Task CompleteAsync(HttpContext context, bool isStream)
    {
        const string Count = """{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42}""";
        if (!isStream)
        {
            await ScriptedUpstream.FailAsync(context, 200, $$"""{"id":"u","object":"text_completion","created":1,"choices":[{"index":0,"text":"Hello there.","logprobs":null,"finish_reason":"stop"}],"usage":{{Count}}}""");
            return;
        }

        await ScriptedUpstream.BeginAsync(context);
        await ScriptedUpstream.SendAsync(context, """{"id":"u","object":"text_completion","created":1,"choices":[{"index":0,"text":"Hello ","logprobs":null,"finish_reason":null}]}""");
        await ScriptedUpstream.SendAsync(context, """{"id":"u","object":"text_completion","created":1,"choices":[{"index":0,"text":"there.","logprobs":null,"finish_reason":"stop"}]}""");
        await ScriptedUpstream.SendAsync(context, $$"""{"id":"u","object":"text_completion","created":1,"choices":[],"usage":{{Count}}}""");
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    private static async Task StreamAsync(HttpContext context, List<JsonObject> deltas, string finish)
    {
        await ScriptedUpstream.BeginAsync(context);
        await ScriptedUpstream.SendAsync(context, Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null).ToJsonString());
        foreach (var delta in deltas)
        {
            await ScriptedUpstream.SendAsync(context, Chunk(delta, null).ToJsonString());
        }

        await ScriptedUpstream.SendAsync(context, Chunk([], finish).ToJsonString());
        await ScriptedUpstream.SendAsync(context, """{"id":"u","object":"chat.completion.chunk","created":1,"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}}""");
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    private static Task WholeAsync(HttpContext context, JsonNode request, List<JsonObject> deltas, string finish)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Joined(deltas, "content"), ["refusal"] = null };
        if (Joined(deltas, "reasoning_content") is { } thought)
        {
            message["reasoning_content"] = thought;
            message["reasoning_details"] = new JsonArray(
                new JsonObject { ["type"] = "reasoning.text", ["text"] = thought, ["signature"] = Signature },
                new JsonObject { ["type"] = "reasoning.encrypted", ["data"] = "aGlkZGVu", ["id"] = "rs_1" });
        }

        var calls = deltas.Where(delta => delta["tool_calls"] is not null).Select(delta => delta["tool_calls"]![0]!.AsObject()).ToLookup(piece => (int)piece["index"]!);
        if (calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. calls.Select(pieces =>
            {
                var call = pieces.First().DeepClone().AsObject();
                call.Remove("index");
                call["function"]!["arguments"] = string.Concat(pieces.Select(piece => (string?)piece["function"]!["arguments"]));
                return call;
            })]);
        }

        return ScriptedUpstream.FailAsync(context, 200, new JsonObject
        {
            ["id"] = "u",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["choices"] = new JsonArray([.. Enumerable.Range(0, (int?)request["n"] ?? 1).Select(index => new JsonObject
            {
                ["index"] = index, ["message"] = message.DeepClone(), ["finish_reason"] = finish, ["logprobs"] = (bool?)request["logprobs"] == true ? new JsonObject { ["content"] = new JsonArray(), ["refusal"] = null } : null,
            })]),
            ["usage"] = JsonNode.Parse("""{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}"""),
        }.ToJsonString());
    }

    private static JsonObject Call(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static JsonObject Chunk(JsonObject delta, string? finish) => new()
    {
        ["id"] = "u",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1,
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta.DeepClone(), ["finish_reason"] = finish }),
    };

    private static string? Joined(List<JsonObject> deltas, string member) =>
        deltas.Exists(delta => delta[member] is not null) ? string.Concat(deltas.Select(delta => (string?)delta[member])) : null;

    private static string? Text(JsonNode? message) => message!["content"] is JsonArray parts ? string.Concat(parts.Select(part => (string?)part!["text"])) : (string?)message["content"];
}
