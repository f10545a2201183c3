using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>
/// A model behind an upstream of chat completions that does what its request says: it calls the first tool until it has two results, thinks when it is told how hard,
/// says whether it was shown an image, and answers in the form that it is asked for. Streams come in pieces.
/// </summary>
internal static class ScriptedModel
{
    public const string Signature = "c2lnbmF0dXJl";

    public static async Task AnswerAsync(HttpContext context, string body)
    {
        var request = JsonNode.Parse(body)!;
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
            var name = (string)request["tools"]![0]!["function"]!["name"]!;
            deltas.Add(Call(new JsonObject { ["index"] = 0, ["id"] = $"call_{results.Count}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["arguments"] = "" } }));
            deltas.Add(Call(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = "{\"city\":" } }));
            deltas.Add(Call(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = "\"Rome\"}" } }));
        }
        else
        {
            var text = request["response_format"] is not null ? """{"answer":"yes"}"""
                : results.Count > 0 ? "Results: " + string.Join(", ", results.Select(Text))
                : body.Contains("image_url", StringComparison.Ordinal) ? "I see an image."
                : "Hello there.";
            deltas.AddRange(text.Chunk(5).Select(piece => new JsonObject { ["content"] = new string(piece) }));
        }

        var finish = calls ? "tool_calls" : "stop";
        await (body.Contains("\"stream\":true", StringComparison.Ordinal) ? StreamAsync(context, deltas, finish) : WholeAsync(context, deltas, finish));
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
        await ScriptedUpstream.SendAsync(context, """{"id":"u","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}}""");
        await ScriptedUpstream.SendAsync(context, "[DONE]");
    }

    private static Task WholeAsync(HttpContext context, List<JsonObject> deltas, string finish)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Joined(deltas, "content") };
        if (Joined(deltas, "reasoning_content") is { } thought)
        {
            message["reasoning_content"] = thought;
            message["reasoning_details"] = new JsonArray(
                new JsonObject { ["type"] = "reasoning.text", ["text"] = thought, ["signature"] = Signature },
                new JsonObject { ["type"] = "reasoning.encrypted", ["data"] = "aGlkZGVu", ["id"] = "rs_1" });
        }

        var calls = deltas.Where(delta => delta["tool_calls"] is not null).Select(delta => delta["tool_calls"]![0]!.AsObject()).ToList();
        if (calls.Count > 0)
        {
            var call = calls[0].DeepClone().AsObject();
            call.Remove("index");
            call["function"]!["arguments"] = string.Concat(calls.Select(piece => (string?)piece["function"]!["arguments"]));
            message["tool_calls"] = new JsonArray(call);
        }

        return ScriptedUpstream.FailAsync(context, 200, new JsonObject
        {
            ["id"] = "u",
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finish }),
            ["usage"] = JsonNode.Parse("""{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10}}"""),
        }.ToJsonString());
    }

    private static JsonObject Call(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    private static JsonObject Chunk(JsonObject delta, string? finish) => new()
    {
        ["id"] = "u",
        ["object"] = "chat.completion.chunk",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta.DeepClone(), ["finish_reason"] = finish }),
    };

    private static string? Joined(List<JsonObject> deltas, string member) =>
        deltas.Exists(delta => delta[member] is not null) ? string.Concat(deltas.Select(delta => (string?)delta[member])) : null;

    private static string? Text(JsonNode? message) => message!["content"] is JsonArray parts ? string.Concat(parts.Select(part => (string?)part!["text"])) : (string?)message["content"];
}
