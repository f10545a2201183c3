using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>OpenAI's Responses format as it is on the wire.</summary>
public sealed class ResponsesTests : IAsyncLifetime
{
    private static readonly object[] Tools = [new { type = "function", name = "weather", parameters = new { type = "object", properties = new { city = new { type = "string" } } } }];

    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;
    private string _asked = string.Empty;

    private JsonNode Messages => JsonNode.Parse(_asked)!["messages"]!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var configuration = _upstream.Configure("a");
        configuration["MetaLlm"]!["routing"]!["keepAliveSeconds"] = 0.1;
        _gateway = await RunningGateway.StartAsync(configuration);
        _upstream.On("a", (context, body) =>
        {
            _asked = body;
            return ScriptedModel.AnswerAsync(context, body);
        });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_answer_is_a_response_whose_id_feedback_takes()
    {
        var reply = await AskAsync("Hello.", new { instructions = "Be brief.", metadata = new { a = "b" }, max_output_tokens = 50 });
        var response = reply.Json;
        Assert.Equal($"resp_{reply.DecisionId}", response.GetProperty("id").GetString());
        Assert.Equal(("completed", "a", true), (response.GetProperty("status").GetString(), response.GetProperty("model").GetString(), response.GetProperty("store").GetBoolean()));
        Assert.Equal("Hello there.", Text(response));
        Assert.Equal("""{"a":"b"}""", response.GetProperty("metadata").GetRawText());
        var usage = response.GetProperty("usage");
        Assert.Equal((30, 12, 10), (usage.GetProperty("input_tokens").GetInt32(), usage.GetProperty("output_tokens").GetInt32(), usage.GetProperty("input_tokens_details").GetProperty("cached_tokens").GetInt32()));
        Assert.Equal("""[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello."}]""", Messages.ToJsonString());
        Assert.Equal(50, (int)JsonNode.Parse(_asked)!["max_tokens"]!);
        Assert.Null(JsonNode.Parse(_asked)!["metadata"]);
        (await _gateway.Alpha.PostAsync("/v1/feedback", new { id = response.GetProperty("id").GetString(), reward = 1 })).Ok();
    }

    [Fact]
    public async Task A_streamed_answer_has_its_events_in_order_and_ends_with_what_a_whole_one_is()
    {
        using var response = await _gateway.Alpha.StreamAsync(new { model = "auto", input = "Hello.", stream = true, tools = Tools, reasoning = new { effort = "low" } }, "/v1/responses");
        var events = (await EventStream.ReadAsync(response)).Select(data => JsonNode.Parse(data)!).ToList();
        Assert.Equal(
            [
                "response.created", "response.in_progress", "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.delta", "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
                "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.delta", "response.function_call_arguments.done",
                "response.output_item.done", "response.completed",
            ],
            events.Select(data => (string)data["type"]!));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(data => (int)data["sequence_number"]!));
        var whole = events[^1]["response"]!;
        Assert.Equal(["reasoning", "function_call"], whole["output"]!.AsArray().Select(item => (string)item!["type"]!));
        Assert.Equal("{\"city\":\"Rome\"}", (string?)whole["output"]![1]!["arguments"]);
        Assert.Equal(12, (int)whole["usage"]!["output_tokens"]!);
        var kept = (await _gateway.Alpha.GetAsync($"/v1/responses/{(string)whole["id"]!}")).Ok();
        Assert.True(JsonNode.DeepEquals(whole, JsonNode.Parse(kept.Text)), kept.Text);
    }

    [Fact]
    public async Task Text_is_streamed_in_parts()
    {
        using var response = await _gateway.Alpha.StreamAsync(new { model = "auto", input = "Hello.", stream = true }, "/v1/responses");
        var events = (await EventStream.ReadAsync(response)).Select(data => JsonNode.Parse(data)!).ToList();
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"],
            events.Select(data => (string)data["type"]!));
        Assert.Equal("Hello there.", string.Concat(events.Where(data => (string)data["type"]! == "response.output_text.delta").Select(data => (string)data["delta"]!)));
    }

    [Fact]
    public async Task A_response_is_gone_on_from_with_everything_that_was_said()
    {
        var first = (await AskAsync("How is the weather?", new { tools = Tools, reasoning = new { effort = "low" }, instructions = "Once." })).Json;
        var second = (await AskAsync(new JsonArray(Output("call_0", "20 degrees")), new { tools = Tools, previous_response_id = Id(first) })).Json;
        var third = (await AskAsync(new JsonArray(Output("call_1", "21 degrees")), new { tools = Tools, previous_response_id = Id(second) })).Json;

        Assert.Equal("Results: 20 degrees, 21 degrees", Text(third));
        Assert.Equal(Id(second), third.GetProperty("previous_response_id").GetString());
        Assert.Equal(["user", "assistant", "tool", "assistant", "tool"], Messages.AsArray().Select(message => (string)message!["role"]!));

        // Reasoning goes back with its signature and its data, as it came.
        var details = Messages[1]!["reasoning_details"]!;
        Assert.Equal(("Let me think.", ScriptedModel.Signature), ((string)details[0]!["text"]!, (string)details[0]!["signature"]!));
        Assert.Equal(("reasoning.encrypted", "aGlkZGVu", "rs_1"), ((string)details[1]!["type"]!, (string)details[1]!["data"]!, (string)details[1]!["id"]!));
        Assert.Equal("Let me think.", (string?)Messages[1]!["reasoning_content"]);
        Assert.Equal("weather", (string?)Messages[1]!["tool_calls"]![0]!["function"]!["name"]);

        var input = (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(third)}/input_items")).Ok().Json;
        Assert.Equal("function_call_output", Assert.Single(input.GetProperty("data").EnumerateArray()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_item_of_a_kept_response_may_be_named_in_place_of_being_sent()
    {
        var first = (await AskAsync("How is the weather?", new { tools = Tools, reasoning = new { effort = "low" } })).Json;
        var references = first.GetProperty("output").EnumerateArray().Select(item => (JsonNode)new JsonObject { ["type"] = "item_reference", ["id"] = item.GetProperty("id").GetString() });
        var input = new JsonArray([new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = "How is the weather?" }, .. references, Output("call_0", "20 degrees")]);
        var second = (await AskAsync(input, new { tools = Tools })).Json;
        Assert.Equal(["user", "assistant", "tool"], Messages.AsArray().Select(message => (string)message!["role"]!));
        Assert.Equal((ScriptedModel.Signature, "weather"), ((string?)Messages[1]!["reasoning_details"]![0]!["signature"], (string?)Messages[1]!["tool_calls"]![0]!["function"]!["name"]));

        // What is kept is the items themselves.
        var kept = (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(second)}/input_items?order=asc")).Ok().Json.GetProperty("data");
        Assert.Equal(["message", "reasoning", "function_call", "function_call_output"], kept.EnumerateArray().Select(item => item.GetProperty("type").GetString()));

        var named = first.GetProperty("output")[0].GetProperty("id").GetString();
        foreach (var (client, id) in new[] { (_gateway.Alpha, "rs_dec-unknown_0"), (_gateway.Alpha, $"{named}9"), (_gateway.Alpha, "nothing"), (_gateway.Beta, named) })
        {
            var refused = await client.PostAsync("/v1/responses", new { model = "auto", input = new object[] { new { role = "user", content = "x" }, new { type = "item_reference", id } } });
            Assert.Equal((HttpStatusCode.BadRequest, "input[1].id"), (refused.Status, refused.Error.GetProperty("param").GetString()));
        }
    }

    [Fact]
    public async Task Items_of_a_request_are_listed_in_either_order_and_by_pages()
    {
        var response = (await AskAsync(JsonNode.Parse("""[{"role":"user","content":"One."},{"role":"assistant","content":"Two."},{"role":"user","content":[{"type":"input_text","text":"Three."}]}]""")!, null)).Json;
        var newest = (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(response)}/input_items?limit=2")).Ok().Json;
        Assert.Equal(["Three.", "Two."], newest.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.True(newest.GetProperty("has_more").GetBoolean());
        var rest = (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(response)}/input_items?limit=2&after={newest.GetProperty("last_id").GetString()}")).Ok().Json;
        Assert.Equal("One.", Assert.Single(rest.GetProperty("data").EnumerateArray()).GetProperty("content")[0].GetProperty("text").GetString());
        var oldest = (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(response)}/input_items?order=asc")).Ok().Json;
        Assert.Equal("One.", oldest.GetProperty("data")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("limit", (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(response)}/input_items?limit=0")).Error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task What_is_not_to_be_kept_was_deleted_or_belongs_to_others_does_not_exist()
    {
        var unkept = (await AskAsync("Hello.", new { store = false })).Json;
        Assert.False(unkept.GetProperty("store").GetBoolean());
        Assert.Equal("response_not_found", (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(unkept)}")).Code);

        var first = (await AskAsync("Hello.", null)).Json;
        var second = (await AskAsync("And?", new { previous_response_id = Id(first) })).Json;
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Beta.GetAsync($"/v1/responses/{Id(first)}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Beta.SendAsync("DELETE", $"/v1/responses/{Id(first)}")).Status);
        Assert.Equal("response_not_found", (await _gateway.Beta.PostAsync("/v1/responses", new { model = "auto", input = "x", previous_response_id = Id(first) })).Code);

        Assert.True((await _gateway.Alpha.SendAsync("DELETE", $"/v1/responses/{Id(first)}")).Ok().Json.GetProperty("deleted").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(first)}")).Status);
        (await _gateway.Alpha.GetAsync($"/v1/responses/{Id(second)}")).Ok();

        // A conversation with a hole in it is none.
        var lost = await _gateway.Alpha.PostAsync("/v1/responses", new { model = "auto", input = "x", previous_response_id = Id(second) });
        Assert.Equal(("response_not_found", "previous_response_id"), (lost.Code, lost.Error.GetProperty("param").GetString()));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _gateway.Alpha.SendAsync("PUT", $"/v1/responses/{Id(second)}")).Status);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_ends_with_response_failed()
    {
        _upstream.On("a", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hel"));
        });
        using var response = await _gateway.Alpha.StreamAsync(new { model = "auto", input = "Hello.", stream = true }, "/v1/responses");
        var last = JsonNode.Parse((await EventStream.ReadAsync(response))[^1])!;
        Assert.Equal("response.failed", (string?)last["type"]);
        Assert.Equal(("failed", "upstream_cut"), ((string)last["response"]!["status"]!, (string)last["response"]!["error"]!["code"]!));
    }

    [Fact]
    public async Task An_answer_that_a_limit_ends_is_incomplete_and_an_objection_is_the_models_own()
    {
        _upstream.On("a", (context, _) => ScriptedUpstream.FailAsync(context, 200, """{"id":"u","choices":[{"index":0,"message":{"role":"assistant","content":"Hel"},"finish_reason":"length"}]}"""));
        var response = (await AskAsync("Hello.", null)).Json;
        Assert.Equal(("incomplete", "max_output_tokens"), (response.GetProperty("status").GetString(), response.GetProperty("incomplete_details").GetProperty("reason").GetString()));
        Assert.True(response.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 0);

        _upstream.On("a", ScriptedModel.AnswerAsync);
        var refused = await _gateway.Alpha.PostAsync("/v1/responses", new { model = "auto", input = "please object" });
        Assert.Equal((HttpStatusCode.BadRequest, "I object."), (refused.Status, refused.Message));
    }

    [Theory]
    [InlineData("""{"model":"auto"}""", "input")]
    [InlineData("""{"model":"auto","input":[]}""", "input")]
    [InlineData("""{"model":"auto","input":"x","tools":[{"type":"web_search"}]}""", "tools[0].type")]
    [InlineData("""{"model":"auto","input":"x","tools":[{"type":"function","name":"f"},{"type":"mcp"}]}""", "tools[1].type")]
    [InlineData("""{"model":"auto","input":"x","tool_choice":{"type":"file_search"}}""", "tool_choice.type")]
    [InlineData("""{"model":"auto","input":"x","background":true}""", "background")]
    [InlineData("""{"model":"auto","input":"x","conversation":1}""", "conversation")]
    [InlineData("""{"model":"auto","input":"x","conversation":"c","previous_response_id":"resp_1"}""", "conversation")]
    [InlineData("""{"model":"auto","input":"x","truncation":"auto"}""", "truncation")]
    [InlineData("""{"model":"auto","input":"x","include":["file_search_call.results"]}""", "include[0]")]
    [InlineData("""{"model":"auto","input":"x","max_tokens":5}""", "max_tokens")]
    [InlineData("""{"model":"auto","input":"x","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData("""{"model":"auto","input":"x","text":{"format":{"type":"grammar"}}}""", "text.format.type")]
    [InlineData("""{"model":"auto","input":[{"type":"computer_call"}]}""", "input[0].type")]
    [InlineData("""{"model":"auto","input":[{"role":"tool","content":"x"}]}""", "input[0].role")]
    [InlineData("""{"model":"auto","input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}""", "input[0].content[0].file_id")]
    [InlineData("""{"model":"auto","input":[{"role":"user","content":[{"type":"output_audio"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"model":"auto","input":[{"type":"reasoning","summary":[],"encrypted_content":"metallm.reasoning.1.e30="}]}""", "input[0].encrypted_content")]
    public async Task What_chat_has_no_form_for_is_refused_by_name(string body, string field)
    {
        var reply = await _gateway.Alpha.PostTextAsync("/v1/responses", body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value", field), (reply.Status, reply.Code, reply.Error.GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Files_images_sound_and_forms_become_what_chat_calls_them()
    {
        var input = JsonNode.Parse("""[{"role":"developer","content":"Look."},{"role":"user","content":[{"type":"input_text","text":"What?"},{"type":"input_image","image_url":"data:image/png;base64,aW1n","detail":"low"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,cGRm"},{"type":"input_audio","input_audio":{"data":"YQ==","format":"wav"}}]}]""")!;
        await AskAsync(input, new { text = new { format = new { type = "json_schema", name = "n", schema = new { type = "object" }, strict = true }, verbosity = "low" }, reasoning = new { effort = "high", summary = "auto" }, user = "u", tool_choice = "none" });
        var asked = JsonNode.Parse(_asked)!;
        Assert.Equal(
            """[{"role":"developer","content":"Look."},{"role":"user","content":[{"type":"text","text":"What?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,aW1n","detail":"low"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,cGRm"}},{"type":"input_audio","input_audio":{"data":"YQ==","format":"wav"}}]}]""",
            asked["messages"]!.ToJsonString());
        Assert.Equal("""{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}""", asked["response_format"]!.ToJsonString());
        Assert.Equal(("low", "high", "u", "none"), ((string)asked["verbosity"]!, (string)asked["reasoning_effort"]!, (string)asked["user"]!, (string)asked["tool_choice"]!));
        Assert.Null(asked["store"]);
    }

    [Fact]
    public async Task What_every_model_objects_to_has_the_models_words_before_a_stream_and_is_an_event_within_one()
    {
        var request = new { model = "auto", input = "please object", stream = true };

        // On a busy machine the first keep-alive may come before the model's words.
        var refused = await Eventually.ReadAsync(
            "the model objects before the stream has begun", () => _gateway.Alpha.PostAsync("/v1/responses", request), reply => reply.Status != HttpStatusCode.OK, reply => reply.Text);
        Assert.Equal((HttpStatusCode.BadRequest, "I object."), (refused.Status, refused.Message));

        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _upstream.On("a", async (context, body) =>
        {
            await gate.Task.WaitAsync(context.RequestAborted);
            await ScriptedModel.AnswerAsync(context, body);
        });
        using var response = await _gateway.Alpha.StreamAsync(request, "/v1/responses");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": keep-alive", await reader.ReadLineAsync());
        gate.SetResult();
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith(':')).ToList();
        Assert.Equal("event: error", lines[0]);
        var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
        Assert.Equal(("error", "model_objected", "I object."), ((string)data["type"]!, (string)data["code"]!, (string)data["message"]!));
    }

    private async Task<Reply> AskAsync(JsonNode input, object? more)
    {
        var request = new JsonObject { ["model"] = "auto", ["input"] = input };
        foreach (var (name, value) in more is null ? [] : JsonSerializer.SerializeToNode(more)!.AsObject())
        {
            request[name] = value?.DeepClone();
        }

        return (await _gateway.Alpha.PostAsync("/v1/responses", request)).Ok();
    }

    private static JsonObject Output(string call, string text) => new() { ["type"] = "function_call_output", ["call_id"] = call, ["output"] = text };

    private static string? Id(JsonElement response) => response.GetProperty("id").GetString();

    private static string? Text(JsonElement response) => response.GetProperty("output").EnumerateArray().Single(item => item.GetProperty("type").GetString() == "message").GetProperty("content")[0].GetProperty("text").GetString();
}
