using System.ClientModel;
using Anthropic;
using Anthropic.Models.Messages;
using MetaLlm.FunctionalTests.Upstreams;
using OpenAI.Chat;
using OpenAI.Responses;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Clients of three formats with models at Gemini, at Bedrock and at OpenAI's Responses API, which all refuse what they have not signed.</summary>
/// <param name="clouds">The gateway.</param>
public sealed class CloudUpstreamTests(CloudGateway clouds) : IClassFixture<CloudGateway>
{
    [Theory]
    [InlineData(CloudGateway.Gemini)]
    [InlineData(CloudGateway.Claude)]
    [InlineData(CloudGateway.Responding)]
    [InlineData("o-plain")]
    [InlineData("by-bearer")]
    public async Task A_chat_is_completed_and_streamed(string model)
    {
        ChatCompletion completion = await clouds.Chat(model).CompleteChatAsync("Say something.");
        Assert.Equal((CloudUpstream.Words, model, ChatFinishReason.Stop), (completion.Content[0].Text, completion.Model, completion.FinishReason));
        Assert.Equal((20, 9), (completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount));

        var (text, usage, end) = (string.Empty, (ChatTokenUsage?)null, (ChatFinishReason?)null);
        await foreach (var update in clouds.Chat(model).CompleteChatStreamingAsync("Say something."))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            (usage, end) = (update.Usage ?? usage, update.FinishReason ?? end);
        }

        Assert.Equal((CloudUpstream.Words, 29, ChatFinishReason.Stop), (text, usage!.TotalTokenCount, end!.Value));
    }

    [Theory]
    [InlineData(CloudGateway.Gemini)]
    [InlineData(CloudGateway.Claude)]
    [InlineData(CloudGateway.Responding)]
    public async Task Tools_are_called_over_several_steps_by_a_client_that_gives_the_reasoning_back(string model)
    {
        var tools = new[] { "weather", "time" }.Select(name => new { type = "function", function = new { name, parameters = new { type = "object" } } });
        var messages = new List<object> { new { role = "user", content = "How is it?" } };
        for (var step = 0; step < 2; step++)
        {
            var message = await AskAsync();
            Assert.Equal(CloudUpstream.Thought, message.GetProperty("reasoning_content").GetString());
            var calls = message.GetProperty("tool_calls").EnumerateArray().ToList();
            Assert.Equal("Köln \"am Rhein\"", JsonDocument.Parse(calls[0].GetProperty("function").GetProperty("arguments").GetString()!).RootElement.GetProperty("city").GetString());
            messages.Add(message);
            messages.AddRange(calls.Select(call => new { role = "tool", tool_call_id = call.GetProperty("id").GetString(), content = "sunny" }));
            message = await AskAsync();
            Assert.Equal("I saw 2 results.", message.GetProperty("content").GetString());
            messages.Add(message);
            messages.Add(new { role = "user", content = "And now?" });
        }

        async Task<JsonElement> AskAsync() =>
            (await clouds.Client.PostAsync("/v1/chat/completions", new { model, reasoning_effort = "low", max_tokens = 8000, tools, messages })).Ok().Json.GetProperty("choices")[0].GetProperty("message");
    }

    [Theory]
    [InlineData(CloudGateway.Gemini, false)]
    [InlineData(CloudGateway.Gemini, true)]
    [InlineData(CloudGateway.Claude, false)]
    [InlineData(CloudGateway.Claude, true)]
    [InlineData(CloudGateway.Responding, false)]
    [InlineData(CloudGateway.Responding, true)]
    public async Task Anthropics_client_thinks_and_uses_tools(string model, bool stream)
    {
        using var client = new AnthropicClient { BaseUrl = clouds.Address.ToString(), ApiKey = clouds.Key, ResponseValidation = true, MaxRetries = 0 };
        var turns = new List<MessageParam> { new UserMessageParam("How is it?") };
        var ask = new MessageCreateParams
        {
            Model = model, MaxTokens = 8000, Messages = turns, System = "Be brief.", Thinking = new ThinkingConfigEnabled(2048),
            Tools = [new Tool { Name = "weather", InputSchema = new InputSchema() }, new Tool { Name = "time", InputSchema = new InputSchema() }],
        };
        var first = await AskAsync();
        Assert.Equal("tool_use", first.Stop);
        Assert.Equal("thinking", Type(first.Content[0]));
        var calls = first.Content.Where(block => Type(block) == "tool_use").ToList();
        Assert.Equal(["weather", "time"], calls.Select(call => call.GetProperty("name").GetString()));
        Assert.All(calls, call => Assert.Equal("Köln \"am Rhein\"", call.GetProperty("input").GetProperty("city").GetString()));

        turns.Add(new AssistantMessageParam(first.Content.Select(block => new ContentBlockParam(block)).ToList()));
        turns.Add(new UserMessageParam(calls.Select(call => (ContentBlockParam)new ToolResultBlockParam(call.GetProperty("id").GetString()!) { Content = "sunny" }).ToList()));
        var second = await AskAsync();
        Assert.Equal("end_turn", second.Stop);
        Assert.Equal("I saw 2 results.", string.Concat(second.Content.Where(block => Type(block) == "text").Select(block => block.GetProperty("text").GetString())));

        async Task<(string? Stop, IReadOnlyList<JsonElement> Content)> AskAsync()
        {
            if (!stream)
            {
                var message = await client.Messages.Create(ask with { Messages = turns });
                return (message.StopReason?.Raw(), [.. message.Content.Select(block => block.Json)]);
            }

            var events = new List<JsonElement>();
            await foreach (var update in client.Messages.CreateStreaming(ask with { Messages = turns }))
            {
                events.Add(update.Json);
            }

            return StreamedMessage.Read(events);
        }
    }

    [Theory]
    [InlineData(CloudGateway.Gemini)]
    [InlineData(CloudGateway.Claude)]
    [InlineData(CloudGateway.Responding)]
    public async Task The_client_of_Responses_uses_functions_over_several_steps_and_thinks(string model)
    {
        var client = clouds.Responses();
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("How is it?")]) { MaxOutputTokenCount = 8000 };
        foreach (var name in new[] { "weather", "time" })
        {
            options.Tools.Add(ResponseTool.CreateFunctionTool(name, BinaryData.FromString("""{"type":"object"}"""), strictModeEnabled: false));
        }

        options.ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low, ReasoningSummaryVerbosity = ResponseReasoningSummaryVerbosity.Auto };
        ResponseResult response = await client.CreateResponseAsync(options);
        var calls = response.OutputItems.OfType<FunctionCallResponseItem>().ToList();
        Assert.Equal(CloudUpstream.Thought, Assert.IsType<ReasoningResponseItem>(response.OutputItems[0]).GetSummaryText());
        Assert.Equal(["weather", "time"], calls.Select(call => call.FunctionName));

        var next = new CreateResponseOptions(model, calls.Select(call => (ResponseItem)ResponseItem.CreateFunctionCallOutputItem(call.CallId, "sunny")))
        {
            PreviousResponseId = response.Id, StreamingEnabled = true, MaxOutputTokenCount = 8000, ReasoningOptions = options.ReasoningOptions,
        };
        foreach (var tool in options.Tools)
        {
            next.Tools.Add(tool);
        }

        var text = string.Empty;
        await foreach (var update in await client.CreateResponseStreamingAsync(next))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate piece ? piece.Delta : null;
        }

        Assert.Equal("I saw 2 results.", text);
    }

    [Theory]
    [InlineData("gemini-missing", 502)]
    [InlineData("gemini-busy", 502)]
    [InlineData("gemini-limited", 429)]
    [InlineData("gemini-blocked", 400)]
    [InlineData("busy", 502)]
    [InlineData("limited", 429)]
    [InlineData("o-objecting", 400)]
    [InlineData("o-failing", 502)]
    [InlineData("o-limited", 429)]
    [InlineData("o-broken", 502)]
    public async Task Failures_have_the_status_that_they_have_elsewhere(string model, int status) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(() => clouds.Chat(model).CompleteChatAsync("x"))).Status);

    [Theory]
    [InlineData("gemini-cut")]
    [InlineData("cut")]
    [InlineData("o-cut")]
    public async Task A_stream_that_breaks_off_ends_with_an_error(string model)
    {
        var cut = await StreamedReply.ReadAsync(await clouds.Client.StreamAsync(new { model, stream = true, messages = new[] { new { role = "user", content = "x" } } }));
        Assert.False(cut.IsWhole);
        Assert.Equal("upstream_cut", cut.Error!.Value.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Responses_of_an_upstream_that_speaks_the_format_pass_untouched_and_are_kept_here(bool stream)
    {
        var first = await RespondAsync(stream, new { model = CloudGateway.Responding, input = "How is it?", reasoning = new { effort = "low", summary = "auto" }, stream, metadata = new { a = "b" }, tools = Tools });
        var sent = clouds.OpenAi.Requests.Last(request => request.GetProperty("input").ValueKind == JsonValueKind.String);
        Assert.Equal(("o-pro", "How is it?", false), (sent.GetProperty("model").GetString(), sent.GetProperty("input").GetString(), sent.GetProperty("store").GetBoolean()));
        Assert.Equal(("low", "auto", "b"), (sent.GetProperty("reasoning").GetProperty("effort").GetString(), sent.GetProperty("reasoning").GetProperty("summary").GetString(), sent.GetProperty("metadata").GetProperty("a").GetString()));
        Assert.Equal(1, first.GetProperty("created_at").GetInt32());
        Assert.Equal((CloudGateway.Responding, true, "disabled"), (first.GetProperty("model").GetString(), first.GetProperty("store").GetBoolean(), first.GetProperty("truncation").GetString()));
        var id = first.GetProperty("id").GetString()!;
        var kept = (await clouds.Client.GetAsync($"/v1/responses/{id}")).Ok().Json;
        Assert.Equal(first.GetRawText(), kept.GetRawText());

        // The reasoning goes back as it came, named by its id or with the conversation: the upstream checks to which item it belongs.
        var output = first.GetProperty("output").EnumerateArray().ToList();
        Assert.Equal(["reasoning", "function_call"], output.Select(item => item.GetProperty("type").GetString()));
        var result = new { type = "function_call_output", call_id = output[1].GetProperty("call_id").GetString(), output = "sunny" };
        var chained = await RespondAsync(stream, new { model = CloudGateway.Responding, previous_response_id = id, input = new[] { result }, stream, tools = Tools });
        var named = await RespondAsync(stream, new { model = CloudGateway.Responding, input = new object[] { new { role = "user", content = "How is it?" }, Reference(output[0]), Reference(output[1]), result }, stream, tools = Tools });
        Assert.Equal((id, null), (chained.GetProperty("previous_response_id").GetString(), named.GetProperty("previous_response_id").GetString()));
        Assert.All([chained, named], answer => Assert.Equal("I saw 1 results.", answer.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.All(clouds.OpenAi.Requests, request => Assert.False(request.TryGetProperty("previous_response_id", out _)));
    }

    [Fact]
    public async Task Usage_of_a_response_is_booked_with_what_was_cached()
    {
        var reply = (await clouds.Client.PostAsync("/v1/responses", new { model = CloudGateway.Responding, input = "Say something." })).Ok();
        var id = reply.Json.GetProperty("id").GetString()!["resp_".Length..];
        var decision = await Eventually.ReadAsync("the call is settled", () => clouds.Client.GetAsync($"/v1/decisions/{id}"), IsSettled, answer => answer.Text);

        // 12 tokens at 1 USD a million, 8 at .1, 9 at 4.
        Assert.Equal(12e-6 + 0.8e-6 + 36e-6, decision.Json.GetProperty("settlement").GetProperty("cost_usd").GetDouble(), 1e-9);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Servers_that_OpenAI_calls_go_untouched_to_models_that_lie_there_and_to_no_others(bool stream)
    {
        object Ask(string model, string? previous = null) => new
        {
            model, stream, input = "Ask them.", previous_response_id = previous, tools = new[] { new { type = "mcp", server_label = "docs", server_url = "https://mcp.example.com", require_approval = "never" } },
        };
        var first = await RespondAsync(stream, Ask(CloudGateway.Responding));
        Assert.Equal(["mcp_list_tools", "mcp_call", "message"], first.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()));
        Assert.Equal("https://mcp.example.com", clouds.OpenAi.Requests.Last(request => request.TryGetProperty("tools", out var tools) && tools[0].GetProperty("type").GetString() == "mcp").GetProperty("tools")[0].GetProperty("server_url").GetString());
        var next = await RespondAsync(stream, Ask(CloudGateway.Responding, first.GetProperty("id").GetString()));
        Assert.Equal("message", next.GetProperty("output")[2].GetProperty("type").GetString());

        var refused = await clouds.Client.PostAsync("/v1/responses", Ask(CloudGateway.Gemini));
        Assert.Equal((HttpStatusCode.BadRequest, "tools[0].type"), (refused.Status, refused.Json.GetProperty("error").GetProperty("param").GetString()));
    }

    private static readonly object[] Tools = [new { type = "function", name = "weather", parameters = new { type = "object" } }];

    private static bool IsSettled(Reply reply) => reply.Json.TryGetProperty("settlement", out var settlement) && settlement.ValueKind == JsonValueKind.Object;

    private static object Reference(JsonElement item) => new { type = "item_reference", id = item.GetProperty("id").GetString() };

    private async Task<JsonElement> RespondAsync(bool stream, object request)
    {
        if (!stream)
        {
            return (await clouds.Client.PostAsync("/v1/responses", request)).Ok().Json;
        }

        using var response = await clouds.Client.StreamAsync(request, "/v1/responses");
        var text = await response.Content.ReadAsStringAsync();
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(e => e.StartsWith("event: ", StringComparison.Ordinal)).Select(e => JsonDocument.Parse(e[(e.IndexOf("data: ", StringComparison.Ordinal) + 6)..]).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(data => data.GetProperty("sequence_number").GetInt32()));
        var done = events.Where(data => data.GetProperty("type").GetString() == "response.output_item.done").Select(data => data.GetProperty("item").GetProperty("id").GetString()).ToList();
        var whole = events[^1].GetProperty("response");
        Assert.Equal(done, whole.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        return whole;
    }

    private static string? Type(JsonElement block) => block.GetProperty("type").GetString();
}
