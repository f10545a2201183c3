using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>OpenAI's Responses API. It keeps nothing, binds what it encrypts to the id of its item, and wants each call of a function with its result.</summary>
internal sealed class ResponsesUpstream() : CloudUpstream("/v1/responses")
{
    public const string Key = "responses-test-key";

    private const string Sealed = "gAAAA-";

    private static readonly string[] Known =
    [
        "model", "input", "instructions", "store", "include", "stream", "max_output_tokens", "reasoning", "text", "tools", "tool_choice", "parallel_tool_calls", "temperature", "top_p",
        "user", "safety_identifier", "metadata", "service_tier", "prompt_cache_key", "prompt_cache_retention", "truncation", "max_tool_calls",
    ];

    private int _items;

    protected override async Task AnswerAsync(HttpContext http, byte[] body)
    {
        var asked = JsonNode.Parse(body)!.AsObject();
        var model = (string)asked["model"]!;
        if (model.EndsWith("-staying", StringComparison.Ordinal))
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }

        if (Problem(http, asked, model) is { } problem)
        {
            http.Response.Headers["x-request-id"] = "req_1";
            await JsonAsync(http, problem.Status, new { error = new { message = problem.Message, type = "invalid_request_error", param = problem.Param, code = problem.Code } });
            return;
        }

        Keep(JsonSerializer.SerializeToElement(asked));
        var response = Response(asked, model);
        if ((bool?)asked["stream"] != true)
        {
            await JsonAsync(http, 200, response);
            return;
        }

        foreach (var (data, number) in Events(response).Select((data, number) => (data, number)))
        {
            if (model.EndsWith("-cut", StringComparison.Ordinal) && (string)data["type"]! == "response.output_text.done")
            {
                return;
            }

            data["sequence_number"] = number;
            await PieceAsync(http, "text/event-stream; charset=utf-8", Utf8($"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n"));
        }
    }

    private static (int Status, string Message, string? Param, string? Code)? Problem(HttpContext http, JsonObject asked, string model)
    {
        if (http.Request.Headers.Authorization != $"Bearer {Key}")
        {
            return (401, "Incorrect API key provided.", null, "invalid_api_key");
        }

        if (asked.Select(member => member.Key).FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            return (400, $"Unknown parameter: '{unknown}'.", unknown, "unknown_parameter");
        }

        if (model.EndsWith("-plain", StringComparison.Ordinal))
        {
            if (asked["include"] is not null)
            {
                return (400, "Encrypted content is not supported with this model.", "include", null);
            }

            if (asked["reasoning"] is not null)
            {
                return (400, "Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort", "unsupported_parameter");
            }
        }

        return model switch
        {
            _ when model.EndsWith("-objecting", StringComparison.Ordinal) => (400, "I object.", "input[0].content", "no"),
            _ when model.EndsWith("-failing", StringComparison.Ordinal) => (500, "The server had an error while processing your request.", null, "server_error"),
            _ when model.EndsWith("-limited", StringComparison.Ordinal) => (429, "Rate limit reached.", null, "rate_limit_exceeded"),
            _ when (bool?)asked["store"] != false => (400, "This organization keeps no responses.", "store", "unsupported_value"),
            _ => asked["input"] is JsonArray items ? ProblemOfItems(items) : null,
        };
    }

    private static (int, string, string?, string?)? ProblemOfItems(JsonArray items)
    {
        string[] Ids(string type) => [.. items.Where(item => (string?)item!["type"] == type).Select(item => (string)item!["call_id"]!)];
        if (Ids("function_call_output").Except(Ids("function_call")).FirstOrDefault() is { } result)
        {
            return (400, $"No tool call found for function call output with call_id {result}.", "input", null);
        }

        if (Ids("function_call").Except(Ids("function_call_output")).FirstOrDefault() is { } call)
        {
            return (400, $"No tool output found for function call {call}.", "input", null);
        }

        foreach (var (item, at) in items.Select((item, at) => (item!, at)))
        {
            if (item["content"] is JsonArray parts && parts.FirstOrDefault(part => ((string)part!["type"]!).StartsWith("output", StringComparison.Ordinal) != ((string?)item["role"] == "assistant")) is { } part)
            {
                return (400, $"Invalid value: '{part["type"]}'.", $"input[{at}].content[0]", "invalid_value");
            }

            if ((string?)item["type"] != "reasoning")
            {
                continue;
            }

            if ((string?)item["encrypted_content"] is not { } content)
            {
                return (404, $"Item with id '{item["id"]}' not found. Items are not persisted when `store` is set to false.", "input", null);
            }

            if (content != Sealed + item["id"])
            {
                return (400, "The encrypted content could not be verified. Reason: Encrypted content item_id did not match the target item id.", null, "invalid_encrypted_content");
            }
        }

        return null;
    }

    private static string Says(string text) => text.Contains("\"json_schema\"", StringComparison.Ordinal) ? """{"answer":42}"""
        : text.Contains("\"input_image\"", StringComparison.Ordinal) || text.Contains("\"input_file\"", StringComparison.Ordinal) ? "I see it."
        : Words;

    private JsonObject Response(JsonObject asked, string model)
    {
        var output = new JsonArray();
        if (asked["reasoning"] is { } reasoning && (string?)reasoning["effort"] is not (null or "none"))
        {
            var id = NewId("rs");
            output.Add(new JsonObject
            {
                ["id"] = id,
                ["type"] = "reasoning",
                ["summary"] = reasoning["summary"] is null ? [] : new JsonArray(new JsonObject { ["type"] = "summary_text", ["text"] = Thought }),
                ["encrypted_content"] = asked["include"] is null ? null : Sealed + id,
            });
        }

        var tools = asked["tools"]?.AsArray() ?? [];
        var results = (asked["input"] as JsonArray)?.Reverse().TakeWhile(item => (string?)item!["role"] != "user").Count(item => (string?)item!["type"] == "function_call_output") ?? 0;
        var functions = tools.Where(tool => (string?)tool!["type"] == "function").Take(2).ToList();
        foreach (var tool in tools.Where(tool => (string?)tool!["type"] == "mcp"))
        {
            output.Add(new JsonObject { ["id"] = NewId("mcpl"), ["type"] = "mcp_list_tools", ["server_label"] = (string?)tool!["server_label"], ["tools"] = new JsonArray() });
            output.Add(new JsonObject { ["id"] = NewId("mcp"), ["type"] = "mcp_call", ["server_label"] = (string?)tool["server_label"], ["name"] = "ask", ["arguments"] = "{}", ["output"] = "42" });
        }

        if (functions.Count > 0 && results == 0)
        {
            foreach (var tool in functions)
            {
                output.Add(new JsonObject
                {
                    ["id"] = NewId("fc"), ["type"] = "function_call", ["status"] = "completed", ["call_id"] = NewId("call"), ["name"] = (string?)tool!["name"], ["arguments"] = """{"city":"Köln \"am Rhein\""}""",
                });
            }
        }
        else
        {
            var said = results > 0 ? $"I saw {results} results." : Says(asked.ToJsonString());
            output.Add(new JsonObject
            {
                ["id"] = NewId("msg"),
                ["type"] = "message",
                ["status"] = "completed",
                ["role"] = "assistant",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = said, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() }),
            });
        }

        var isFailed = model.EndsWith("-broken", StringComparison.Ordinal);
        return new JsonObject
        {
            ["id"] = NewId("resp"),
            ["object"] = "response",
            ["created_at"] = 1,
            ["status"] = isFailed ? "failed" : "completed",
            ["error"] = isFailed ? new JsonObject { ["code"] = "server_error", ["message"] = "It broke." } : null,
            ["incomplete_details"] = null,
            ["instructions"] = asked["instructions"]?.DeepClone(),
            ["max_output_tokens"] = asked["max_output_tokens"]?.DeepClone(),
            ["metadata"] = asked["metadata"]?.DeepClone() ?? new JsonObject(),
            ["model"] = model + "-2026-01-01",
            ["output"] = output,
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = null,
            ["reasoning"] = asked["reasoning"]?.DeepClone() ?? new JsonObject { ["effort"] = null, ["summary"] = null },
            ["service_tier"] = "default",
            ["store"] = false,
            ["temperature"] = 1,
            ["text"] = asked["text"]?.DeepClone() ?? JsonNode.Parse("""{"format":{"type":"text"}}"""),
            ["tool_choice"] = asked["tool_choice"]?.DeepClone() ?? "auto",
            ["tools"] = tools.DeepClone(),
            ["top_p"] = 1,
            ["truncation"] = "disabled",
            ["usage"] = JsonNode.Parse("""{"input_tokens":20,"input_tokens_details":{"cached_tokens":8},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":29}"""),
        };
    }

    private string NewId(string prefix) => $"{prefix}_{Interlocked.Increment(ref _items):x8}";

    private static IEnumerable<JsonObject> Events(JsonObject response)
    {
        var begun = response.DeepClone().AsObject();
        (begun["output"], begun["usage"], begun["status"], begun["error"], begun["incomplete_details"]) = (new JsonArray(), null, "in_progress", null, null);
        yield return Event("response.created", ("response", begun));
        yield return Event("response.in_progress", ("response", begun.DeepClone()));
        foreach (var (item, place) in response["output"]!.AsArray().Select((item, place) => (item!.AsObject(), place)))
        {
            var empty = item.DeepClone().AsObject();
            foreach (var part in new[] { "summary", "content" }.Where(empty.ContainsKey))
            {
                empty[part] = new JsonArray();
            }

            foreach (var text in new[] { "encrypted_content", "arguments" }.Where(empty.ContainsKey))
            {
                empty[text] = text == "arguments" ? "" : null;
            }

            yield return Event("response.output_item.added", ("output_index", place), ("item", empty));
            foreach (var data in Inner(item))
            {
                (data["output_index"], data["item_id"]) = (place, (string)item["id"]!);
                yield return data;
            }

            yield return Event("response.output_item.done", ("output_index", place), ("item", item.DeepClone()));
        }

        yield return Event($"response.{response["status"]}", ("response", response.DeepClone()));
    }

    private static IEnumerable<JsonObject> Inner(JsonObject item)
    {
        if ((string?)item["arguments"] is { } arguments && (string)item["type"]! == "function_call")
        {
            yield return Event("response.function_call_arguments.delta", ("delta", arguments[..4]));
            yield return Event("response.function_call_arguments.delta", ("delta", arguments[4..]));
            yield return Event("response.function_call_arguments.done", ("arguments", arguments), ("name", (string)item["name"]!));
        }

        foreach (var part in item["summary"]?.AsArray() ?? [])
        {
            var text = (string)part!["text"]!;
            yield return Event("response.reasoning_summary_part.added", ("summary_index", 0), ("part", JsonNode.Parse("""{"type":"summary_text","text":""}""")));
            yield return Event("response.reasoning_summary_text.delta", ("summary_index", 0), ("delta", text[..5]));
            yield return Event("response.reasoning_summary_text.delta", ("summary_index", 0), ("delta", text[5..]));
            yield return Event("response.reasoning_summary_text.done", ("summary_index", 0), ("text", text));
            yield return Event("response.reasoning_summary_part.done", ("summary_index", 0), ("part", part.DeepClone()));
        }

        foreach (var part in item["content"]?.AsArray() ?? [])
        {
            var text = (string)part!["text"]!;
            yield return Event("response.content_part.added", ("content_index", 0), ("part", JsonNode.Parse("""{"type":"output_text","text":"","annotations":[],"logprobs":[]}""")));
            yield return Event("response.output_text.delta", ("content_index", 0), ("delta", text[..5]), ("logprobs", new JsonArray()));
            yield return Event("response.output_text.delta", ("content_index", 0), ("delta", text[5..]), ("logprobs", new JsonArray()));
            yield return Event("response.output_text.done", ("content_index", 0), ("text", text), ("logprobs", new JsonArray()));
            yield return Event("response.content_part.done", ("content_index", 0), ("part", part.DeepClone()));
        }
    }

    private static JsonObject Event(string type, params (string Name, JsonNode? Value)[] members)
    {
        var data = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members)
        {
            data[name] = value;
        }

        return data;
    }
}
