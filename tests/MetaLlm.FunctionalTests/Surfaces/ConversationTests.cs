using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Conversations over each surface, with requests as their official clients write them.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private static readonly JsonElement ChatTools = JsonSerializer.SerializeToElement(new[] { new { type = "function", function = new { name = "weather", parameters = new { type = "object" } } } });

    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;
    private string _asked = string.Empty;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        var configuration = _upstream.Configure("a", "b");
        _gateway = await RunningGateway.StartAsync(configuration);
        foreach (var model in new[] { "a", "b" })
        {
            _upstream.On(model, (context, body) =>
            {
                _asked = body;
                return ScriptedModel.AnswerAsync(context, body);
            });
        }
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Chat_holds_the_model_between_a_tools_call_and_its_result_and_says_why()
    {
        var messages = new JsonArray(Message("user", "What is the weather?"));
        var first = await ChatAsync(messages, "b");
        Assert.Equal("b", first.Model);
        messages.Add(JsonNode.Parse(first.Json.GetProperty("choices")[0].GetProperty("message").GetRawText()));
        messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_0", ["content"] = "Sunny." });

        // The policy chooses the cheapest, which is the other one.
        var second = await ChatAsync(messages);
        Assert.Equal("b", second.Model);
        var place = await PlaceAsync(second);
        Assert.Equal(("held", 2, "b", "tool_result"), (place.Outcome, place.Turn, place.Previous, place.Open));

        messages.Add(JsonNode.Parse(second.Json.GetProperty("choices")[0].GetProperty("message").GetRawText()));
        messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_1", ["content"] = "Warm." });
        var third = await ChatAsync(messages);
        Assert.Equal(("b", "held"), (third.Model, (await PlaceAsync(third)).Outcome));

        messages.Add(JsonNode.Parse(third.Json.GetProperty("choices")[0].GetProperty("message").GetRawText()));
        messages.Add(Message("user", "Thanks. And tomorrow?"));
        var outcome = (await PlaceAsync(await ChatAsync(messages))).Outcome;
        Assert.Contains(outcome, (string[])["kept", "switched"]);
    }

    [Fact]
    public async Task Messages_hold_the_model_and_the_marks_that_move_do_not_part_a_conversation()
    {
        static object Marked(string text) => new[] { new { type = "text", text, cache_control = new { type = "ephemeral" } } };
        var tools = new[] { new { name = "weather", input_schema = new { type = "object" } } };
        var first = (await _gateway.Alpha.PostAsync("/v1/messages", new { model = "b", max_tokens = 100, tools, messages = new object[] { new { role = "user", content = Marked("What is the weather?") } } })).Ok();
        var second = (await _gateway.Alpha.PostAsync("/v1/messages", new
        {
            model = "auto",
            max_tokens = 100,
            tools,
            messages = new object[]
            {
                new { role = "user", content = "What is the weather?" },
                new { role = "assistant", content = first.Json.GetProperty("content") },
                new { role = "user", content = new[] { new { type = "tool_result", tool_use_id = "call_0", content = "Sunny.", cache_control = new { type = "ephemeral" } } } },
            },
        })).Ok();
        var place = await PlaceAsync(second);
        Assert.Equal(("b", "held", "b", "tool_result"), (second.Model, place.Outcome, place.Previous, place.Open));
    }

    [Fact]
    public async Task Responses_go_on_from_a_response_by_its_id_even_with_other_instructions()
    {
        var tools = new[] { new { type = "function", name = "weather", parameters = new { type = "object" } } };
        var first = (await _gateway.Alpha.PostAsync("/v1/responses", new { model = "b", input = "What is the weather?", instructions = "Be brief.", tools })).Ok();
        var second = (await _gateway.Alpha.PostAsync("/v1/responses", new
        {
            model = "auto",
            previous_response_id = first.Json.GetProperty("id").GetString(),
            instructions = "Be long.",
            input = new[] { new { type = "function_call_output", call_id = "call_0", output = "Sunny." } },
            tools,
        })).Ok();
        var place = await PlaceAsync(second);
        Assert.Equal(("b", "held", "b", "tool_result"), (second.Model, place.Outcome, place.Previous, place.Open));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_named_session_goes_on_whatever_its_messages_are(bool byHeader)
    {
        async Task<Reply> AskAsync(string text, string model)
        {
            var body = new JsonObject { ["model"] = model, ["messages"] = new JsonArray(Message("user", text)) };
            if (!byHeader)
            {
                body["metallm"] = new JsonObject { ["session"] = "s-1" };
            }

            return (await _gateway.Alpha.PostAsync("/v1/chat/completions", body, byHeader ? [("x-metallm-session", "s-1")] : [])).Ok();
        }

        var first = await AskAsync("One.", "b");
        Assert.Equal(("pinned", 1), ((await PlaceAsync(first)).Outcome, (await PlaceAsync(first)).Turn));
        var second = await PlaceAsync(await AskAsync("Something else.", "auto"));
        Assert.Equal((2, "b"), (second.Turn, second.Previous));
        Assert.Null(JsonNode.Parse(_asked)!["metallm"]);
        var decided = (await _gateway.Alpha.PostAsync("/v1/route", new { model = "auto", metallm = new { session = "s-1" }, messages = new[] { new { role = "user", content = "Three." } } })).Ok();
        Assert.Equal(3, decided.Json.GetProperty("conversation").GetProperty("turn").GetInt32());
    }

    [Fact]
    public async Task Reasoning_of_another_model_is_left_out_and_that_is_told()
    {
        var messages = new JsonArray(Message("user", "Think."));
        var first = (await _gateway.Alpha.PostAsync("/v1/chat/completions", new JsonObject { ["model"] = "b", ["messages"] = messages.DeepClone(), ["reasoning_effort"] = "high" })).Ok();
        messages.Add(JsonNode.Parse(first.Json.GetProperty("choices")[0].GetProperty("message").GetRawText()));
        messages.Add(Message("user", "Go on."));

        var own = (await _gateway.Alpha.PostAsync("/v1/chat/completions", new JsonObject { ["model"] = "b", ["messages"] = messages.DeepClone() })).Ok();
        Assert.Contains(ScriptedModel.Signature, _asked, StringComparison.Ordinal);
        Assert.False(own.Headers.ContainsKey("x-metallm-adapted-parameters"));

        var other = (await _gateway.Alpha.PostAsync("/v1/chat/completions", new JsonObject { ["model"] = "a", ["messages"] = messages.DeepClone() })).Ok();
        Assert.DoesNotContain(ScriptedModel.Signature, _asked, StringComparison.Ordinal);
        Assert.Equal("reasoning_details", other.Headers["x-metallm-adapted-parameters"]);
    }

    [Fact]
    public async Task A_held_model_that_fails_is_replaced_and_counted_as_unsafe()
    {
        var messages = new JsonArray(Message("user", "What is the weather?"));
        var first = await ChatAsync(messages, "b");
        messages.Add(JsonNode.Parse(first.Json.GetProperty("choices")[0].GetProperty("message").GetRawText()));
        messages.Add(new JsonObject { ["role"] = "tool", ["tool_call_id"] = "call_0", ["content"] = "Sunny." });
        _upstream.On("b", (context, _) => ScriptedUpstream.FailAsync(context, 500));
        var second = await ChatAsync(messages);
        Assert.Equal("a", second.Model);
        Assert.Equal("held", (await PlaceAsync(second)).Outcome);
        Assert.Contains("metallm_routing_conversation_unsafe_switches", (await _gateway.Nobody.GetAsync("/metrics")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feedback_on_a_conversation_is_shared_by_its_decisions_and_a_repetition_changes_nothing()
    {
        async Task<Reply> AskAsync(string text) => (await _gateway.Alpha.PostAsync(
            "/v1/chat/completions", new { model = "auto", metallm = new { session = "rated" }, messages = new[] { new { role = "user", content = text } } })).Ok();
        var turns = new[] { await AskAsync("One."), await AskAsync("Two."), await AskAsync("Three."), await AskAsync("Four.") };
        async Task<string[]> RateAsync(object feedback) =>
            [.. (await _gateway.Alpha.PostAsync("/v1/feedback", feedback)).Ok().Json.GetProperty("data").EnumerateArray().Select(receipt => $"{receipt.GetProperty("decision_id")} {receipt.GetProperty("status")}")];

        var three = turns.Take(3).Select(turn => turn.DecisionId).ToList();
        Assert.Equal(three.Select(id => $"{id} accepted"), await RateAsync(new { id = turns[2].Json.GetProperty("id").GetString(), scope = "conversation", reward = 1, weight = 0.6 }));
        Assert.Equal(three.Select(id => $"{id} duplicate"), await RateAsync(new { decision_id = three[2], scope = "conversation", reward = 1, weight = 0.6 }));
        foreach (var id in three)
        {
            var decision = (await _gateway.Alpha.GetAsync($"/v1/decisions/{id}")).Ok().Json;
            Assert.Equal((1, 0.2), (decision.GetProperty("reward").GetDouble(), Math.Round(decision.GetProperty("reward_weight").GetDouble(), 9)));
        }

        Assert.Equal(4, (await RateAsync(new { session = "rated", reward = 0.5 })).Length);
        Assert.Equal(0.25, (await _gateway.Alpha.GetAsync($"/v1/decisions/{three[0]}")).Ok().Json.GetProperty("reward_weight").GetDouble());
        Assert.Equal("decision_not_found", (await _gateway.Alpha.PostAsync("/v1/feedback", new { session = "other", reward = 1 })).Code);
        Assert.Equal("decision_not_found", (await _gateway.Beta.PostAsync("/v1/feedback", new { session = "rated", reward = 1 })).Code);
        Assert.Equal(HttpStatusCode.BadRequest, (await _gateway.Alpha.PostAsync("/v1/feedback", new { session = "rated", id = three[0], reward = 1 })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _gateway.Alpha.PostAsync("/v1/feedback", new { id = three[0], scope = "world", reward = 1 })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _gateway.Alpha.PostAsync("/v1/feedback", new { id = three[0], scope = "conversation", reward = 1, cost_usd = 1 })).Status);
    }

    private static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    private async Task<Reply> ChatAsync(JsonArray messages, string model = "auto") => (await _gateway.Alpha.PostAsync(
        "/v1/chat/completions", new { model, messages, tools = ChatTools })).Ok();

    private async Task<(string Outcome, int Turn, string? Previous, string Open)> PlaceAsync(Reply reply)
    {
        var place = (await _gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("conversation");
        return (
            place.GetProperty("outcome").GetString()!,
            place.GetProperty("turn").GetInt32(),
            place.GetProperty("previous_model").GetString(),
            string.Join(',', place.GetProperty("open").EnumerateArray().Select(word => word.GetString())));
    }
}
