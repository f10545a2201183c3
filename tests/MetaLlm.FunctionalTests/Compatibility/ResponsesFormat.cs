using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class ResponsesFormat : Surface
{
    public override string Name => "Responses";

    public override string Path => "/v1/responses";

    public override IReadOnlyList<Feature> Features { get; } =
    [
        .. Compatibility.Features.OfText, .. Compatibility.Features.OfTools, .. Compatibility.Features.OfContent,
        new("going on from a response that is kept", async probe =>
        {
            var kept = await probe.PostAsync(probe.Question with { More = new JsonObject { ["store"] = true } });
            var next = await probe.AskAsync(probe.Question with { More = new JsonObject { ["previous_response_id"] = (string)kept["id"]! } });
            Unmet.Unless(next.Text.Length > 0, "There is no text.");
        }),
        .. Compatibility.Features.Passing(
            ("`temperature`, `max_output_tokens`", """{"temperature":0.5,"max_output_tokens":100}"""),
            ("`instructions`, `metadata`, `safety_identifier`", """{"instructions":"Be brief.","metadata":{"a":"b"},"safety_identifier":"someone"}"""),
            ("`text.verbosity`", """{"text":{"verbosity":"low"}}"""),
            ("`service_tier`: `flex`", """{"service_tier":"flex"}"""),
            ("`mcp`", """{"tools":[{"type":"mcp","server_label":"a","server_url":"https://example.com"}]}"""),
            ("`web_search`", """{"tools":[{"type":"web_search"}]}"""),
            ("`background`", """{"background":true}""")),
        new("`conversation`", async probe =>
        {
            var begun = await probe.PostAsync([], "/v1/conversations");
            var next = await probe.AskAsync(probe.Question with { More = new JsonObject { ["conversation"] = (string)begun["id"]! } });
            Unmet.Unless(next.Text.Length > 0, "There is no text.");
        }),
        .. Compatibility.Features.OfFailure,
    ];

    public override JsonObject Write(Question question)
    {
        var content = List([
            new JsonObject { ["type"] = "input_text", ["text"] = question.Text },
            .. question.HasImage ? [new JsonObject { ["type"] = "input_image", ["detail"] = "auto", ["image_url"] = $"data:image/png;base64,{Image}" }] : (JsonNode[])[],
            .. question.HasDocument ? [new JsonObject { ["type"] = "input_file", ["filename"] = "a.pdf", ["file_data"] = $"data:application/pdf;base64,{Document}" }] : (JsonNode[])[],
        ]);
        var input = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        foreach (var step in question.Steps)
        {
            foreach (var item in step.Answer.Turn.AsArray())
            {
                input.Add(item!.DeepClone());
            }

            foreach (var (call, result) in step.Answer.Calls.Zip(step.Results))
            {
                input.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.Id, ["output"] = result });
            }
        }

        var request = new JsonObject { ["model"] = question.Model, ["input"] = input, ["store"] = false };
        if (question.Tools.Count > 0)
        {
            request["tools"] = List(question.Tools.Select(name => new JsonObject { ["type"] = "function", ["name"] = name, ["strict"] = false, ["parameters"] = CitySchema }));
        }

        if (question.MustCall)
        {
            request["tool_choice"] = "required";
        }

        if (question.HasForm)
        {
            request["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "json_schema", ["name"] = "answer", ["strict"] = true, ["schema"] = AnswerSchema } };
        }

        if (question.Thinks)
        {
            (request["reasoning"], request["include"]) = (new JsonObject { ["effort"] = "low", ["summary"] = "auto" }, new JsonArray("reasoning.encrypted_content"));
        }

        if (question.Stream)
        {
            request["stream"] = true;
        }

        return With(request, question.More);
    }

    public override Heard Read(JsonNode answer)
    {
        var output = answer["output"]!.AsArray();
        var items = output.ToLookup(item => (string)item!["type"]!);
        return new Heard(
            (string)answer["id"]!,
            Texts(items["message"].SelectMany(item => item!["content"]!.AsArray()).Select(part => part!["text"])),
            Texts(items["reasoning"].SelectMany(item => item!["summary"]!.AsArray()).Select(part => part!["text"])),
            [.. items["function_call"].Select(item => new ToolUse((string)item!["call_id"]!, (string)item["name"]!, (string)item["arguments"]!))],
            Number(answer["usage"]?["input_tokens"]),
            Number(answer["usage"]?["output_tokens"]),
            output);
    }

    public override Heard ReadStream(IReadOnlyList<JsonNode> events)
    {
        Unmet.Unless((string?)events[^1]["type"] == "response.completed", $"The stream ends with {(string?)events[^1]["type"]}.");
        var pieces = events.Where(data => (string)data["type"]! == "response.output_text.delta").Select(data => data["delta"]).ToList();
        var whole = Read(events[^1]["response"]!);
        Unmet.Unless(Texts(pieces) == whole.Text, "The pieces are not the whole.");
        return whole with { Pieces = pieces.Count };
    }
}
