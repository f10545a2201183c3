using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class MessagesFormat : Surface
{
    public override string Name => "Messages";

    public override string Path => "/v1/messages";

    public override IReadOnlyList<Feature> Features { get; } =
    [
        .. Compatibility.Features.OfText, .. Compatibility.Features.OfTools, .. Compatibility.Features.OfContent,
        new("`count_tokens`", async probe =>
        {
            var request = probe.Surface.Write(probe.Question);
            request.Remove("max_tokens");
            Unmet.Unless(Number((await probe.PostAsync(request, "/v1/messages/count_tokens"))["input_tokens"]) > 0, "There is no count.");
        }),
        .. Compatibility.Features.Passing(
            ("`system`, `temperature`, `stop_sequences`", """{"system":"Be brief.","temperature":0.5,"stop_sequences":["END"]}"""),
            ("`metadata.user_id`, `service_tier`", """{"metadata":{"user_id":"someone"},"service_tier":"auto"}"""),
            ("`top_k`", """{"top_k":5}"""),
            ("`cache_control`", """{"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}]}"""),
            ("`web_search_20250305`", """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}"""),
            ("`mcp_servers`", """{"mcp_servers":[{"type":"url","url":"https://example.com","name":"a"}]}"""),
            ("`container`", """{"container":"container_1"}""")),
        .. Compatibility.Features.OfFailure,
    ];

    public override JsonObject Write(Question question)
    {
        var content = List([
            new JsonObject { ["type"] = "text", ["text"] = question.Text },
            .. question.HasImage ? [Shown("image", "image/png", Image)] : (JsonNode[])[],
            .. question.HasDocument ? [Shown("document", "application/pdf", Document)] : (JsonNode[])[],
        ]);
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        foreach (var step in question.Steps)
        {
            messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = step.Answer.Turn.DeepClone() });
            messages.Add(new JsonObject
            {
                ["role"] = "user",
                ["content"] = List(step.Answer.Calls.Zip(step.Results, (call, result) => new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = call.Id, ["content"] = result })),
            });
        }

        var request = new JsonObject { ["model"] = question.Model, ["max_tokens"] = 4000, ["messages"] = messages };
        if (question.Tools.Count > 0)
        {
            request["tools"] = List(question.Tools.Select(name => new JsonObject { ["name"] = name, ["input_schema"] = CitySchema }));
        }

        if (question.MustCall)
        {
            request["tool_choice"] = new JsonObject { ["type"] = "any" };
        }

        if (question.HasForm)
        {
            request["output_config"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "json_schema", ["schema"] = AnswerSchema } };
        }

        if (question.Thinks)
        {
            request["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 2048 };
        }

        if (question.Stream)
        {
            request["stream"] = true;
        }

        return With(request, question.More);
    }

    public override Heard Read(JsonNode answer)
    {
        var content = answer["content"]!.AsArray();
        var blocks = content.ToLookup(block => (string)block!["type"]!);
        return new Heard(
            (string)answer["id"]!,
            Texts(blocks["text"].Select(block => block!["text"])),
            Texts(blocks["thinking"].Select(block => block!["thinking"])),
            [.. blocks["tool_use"].Select(block => new ToolUse((string)block!["id"]!, (string)block["name"]!, block["input"]!.ToJsonString()))],
            Number(answer["usage"]?["input_tokens"]),
            Number(answer["usage"]?["output_tokens"]),
            content);
    }

    public override Heard ReadStream(IReadOnlyList<JsonNode> events)
    {
        Unmet.Unless((string?)events[^1]["type"] == "message_stop", $"The stream ends with {(string?)events[^1]["type"]}.");
        var answer = events[0]["message"]!.DeepClone();
        var content = answer["content"]!.AsArray();
        var (pieces, input) = (0, string.Empty);
        foreach (var data in events)
        {
            switch ((string)data["type"]!)
            {
                case "content_block_start":
                    content.Add(data["content_block"]!.DeepClone());
                    input = string.Empty;
                    break;
                case "content_block_delta":
                    var (block, delta) = (content[Number(data["index"])]!, data["delta"]!);
                    pieces += (string?)delta["type"] == "text_delta" ? 1 : 0;
                    input += (string?)delta["partial_json"];
                    foreach (var name in (string[])["text", "thinking", "signature"])
                    {
                        block[name] = delta[name] is { } piece ? (string?)block[name] + (string?)piece : block[name]?.DeepClone();
                        if (block[name] is null)
                        {
                            block.AsObject().Remove(name);
                        }
                    }

                    break;
                case "content_block_stop" when (string?)content[Number(data["index"])]!["type"] == "tool_use":
                    content[Number(data["index"])]!["input"] = JsonNode.Parse(input.Length == 0 ? "{}" : input);
                    break;
                case "message_delta":
                    answer["usage"]!["output_tokens"] = data["usage"]!["output_tokens"]!.DeepClone();
                    break;
            }
        }

        return Read(answer) with { Pieces = pieces };
    }

    private static JsonObject Shown(string type, string mediaType, string data) =>
        new() { ["type"] = type, ["source"] = new JsonObject { ["type"] = "base64", ["media_type"] = mediaType, ["data"] = data } };
}
