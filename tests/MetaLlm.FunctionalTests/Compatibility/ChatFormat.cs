using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

internal sealed class ChatFormat : Surface
{
    public override string Name => "Chat completions";

    public override string Path => "/v1/chat/completions";

    public override IReadOnlyList<Feature> Features { get; } =
    [
        .. Compatibility.Features.OfText, .. Compatibility.Features.OfTools, .. Compatibility.Features.OfContent,
        new("two choices (`n`)", async probe =>
        {
            var answer = await probe.PostAsync(probe.Question with { More = new JsonObject { ["n"] = 2 } });
            Unmet.Unless(answer["choices"]!.AsArray().Count == 2, "There is one choice.");
        }),
        new("probabilities of tokens (`logprobs`)", async probe =>
        {
            var answer = await probe.PostAsync(probe.Question with { More = new JsonObject { ["logprobs"] = true } });
            Unmet.Unless(answer["choices"]![0]!["logprobs"] is JsonObject, "The answer has none.");
        }),
        .. Compatibility.Features.Passing(
            ("`temperature`, `stop`", """{"temperature":0.5,"stop":["END"]}"""),
            ("`top_p`, `user`, `metadata`", """{"top_p":0.5,"user":"someone","metadata":{"a":"b"}}"""),
            ("`max_completion_tokens`", """{"max_completion_tokens":100}"""),
            ("`seed`", """{"seed":5}"""),
            ("`frequency_penalty`, `presence_penalty`", """{"frequency_penalty":0.5,"presence_penalty":0.5}"""),
            ("`logit_bias`", """{"logit_bias":{"50":1}}"""),
            ("`prediction`", """{"prediction":{"type":"content","content":"Something."}}"""),
            ("`verbosity`", """{"verbosity":"low"}"""),
            ("`service_tier`: `flex`", """{"service_tier":"flex"}"""),
            ("`functions`", """{"functions":[{"name":"weather","parameters":{"type":"object"}}]}"""),
            ("the role `developer`", """{"messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Say something."}]}"""),
            ("sound in the question", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}"""),
            ("a spoken answer", """{"modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"}}"""),
            ("`web_search_options`", """{"web_search_options":{}}""")),
        .. Compatibility.Features.OfFailure,
    ];

    public override JsonObject Write(Question question)
    {
        var content = List([
            new JsonObject { ["type"] = "text", ["text"] = question.Text },
            .. question.HasImage ? [new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = $"data:image/png;base64,{Image}" } }] : (JsonNode[])[],
            .. question.HasDocument ? [new JsonObject { ["type"] = "file", ["file"] = new JsonObject { ["filename"] = "a.pdf", ["file_data"] = $"data:application/pdf;base64,{Document}" } }] : (JsonNode[])[],
        ]);
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = content });
        foreach (var step in question.Steps)
        {
            messages.Add(step.Answer.Turn.DeepClone());
            foreach (var (call, result) in step.Answer.Calls.Zip(step.Results))
            {
                messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = result });
            }
        }

        var request = new JsonObject { ["model"] = question.Model, ["messages"] = messages };
        if (question.Tools.Count > 0)
        {
            request["tools"] = List(question.Tools.Select(name => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["parameters"] = CitySchema } }));
        }

        if (question.MustCall)
        {
            request["tool_choice"] = "required";
        }

        if (question.HasForm)
        {
            request["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = AnswerSchema } };
        }

        if (question.Thinks)
        {
            request["reasoning_effort"] = "low";
        }

        if (question.Stream)
        {
            (request["stream"], request["stream_options"]) = (true, new JsonObject { ["include_usage"] = true });
        }

        return With(request, question.More);
    }

    public override Heard Read(JsonNode answer) => Read(answer, answer["choices"]![0]!["message"]!.AsObject(), answer["usage"]);

    public override Heard ReadStream(IReadOnlyList<JsonNode> events)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = string.Empty };
        var pieces = 0;
        foreach (var delta in events.SelectMany(data => data["choices"]!.AsArray()).Select(choice => choice!["delta"]!.AsObject()))
        {
            pieces += (string?)delta["content"] is { Length: > 0 } ? 1 : 0;
            Append(message, delta, "content");
            Append(message, delta, "reasoning_content");
            AddAll(message, delta, "reasoning_details");
            foreach (var call in delta["tool_calls"]?.AsArray() ?? [])
            {
                Merge(message, call!.AsObject());
            }
        }

        return Read(events[0], message, events[^1]["usage"]) with { Pieces = pieces };
    }

    private static Heard Read(JsonNode answer, JsonObject message, JsonNode? usage) => new(
        (string)answer["id"]!,
        (string?)message["content"] ?? string.Empty,
        (string?)message["reasoning_content"] ?? string.Empty,
        [.. (message["tool_calls"]?.AsArray() ?? []).Select(call => new ToolUse((string)call!["id"]!, (string)call["function"]!["name"]!, (string)call["function"]!["arguments"]!))],
        Number(usage?["prompt_tokens"]),
        Number(usage?["completion_tokens"]),
        message);

    private static void Append(JsonObject message, JsonObject delta, string name)
    {
        if ((string?)delta[name] is { Length: > 0 } piece)
        {
            message[name] = (string?)message[name] + piece;
        }
    }

    private static void AddAll(JsonObject message, JsonObject delta, string name)
    {
        foreach (var item in delta[name]?.AsArray() ?? [])
        {
            (message[name] ??= new JsonArray()).AsArray().Add(item!.DeepClone());
        }
    }

    private static void Merge(JsonObject message, JsonObject piece)
    {
        var calls = (message["tool_calls"] ??= new JsonArray()).AsArray();
        var index = Number(piece["index"]);
        if (index == calls.Count)
        {
            var begun = piece.DeepClone().AsObject();
            begun.Remove("index");
            calls.Add(begun);
            return;
        }

        var function = calls[index]!["function"]!;
        function["arguments"] = (string?)function["arguments"] + (string?)piece["function"]?["arguments"];
    }
}
