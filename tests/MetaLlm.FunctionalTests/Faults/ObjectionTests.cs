using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>What one model objects to is not the caller's fault: the request is adapted, or another model takes it.</summary>
public sealed class ObjectionTests(HostileUpstreams upstreams) : IClassFixture<HostileUpstreams>
{
    private static readonly object[] Messages = [new { role = "user", content = "Say something." }];

    [Theory]
    [InlineData(400, "context_length_exceeded")]
    [InlineData(400, "content_filter")]
    [InlineData(400, "model_not_found")]
    [InlineData(404, "model_not_found")]
    [InlineData(413, "request_too_large")]
    [InlineData(422, "unprocessable")]
    [InlineData(400, null)]
    public async Task A_request_that_one_model_objects_to_is_answered_by_another(int status, string? code)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var one = upstreams.Case(call => call.JsonAsync(status, new { error = new { message = "not with me", code } }));
            if (stream)
            {
                one.AssertAnsweredByB(await one.StreamAsync());
            }
            else
            {
                one.AssertAnsweredByB(await one.PlainAsync());
            }
        }
    }

    [Fact]
    public async Task The_objection_of_a_pinned_model_is_the_answer()
    {
        var one = upstreams.Case(call => call.JsonAsync(400, new { error = new { message = "too long", code = "context_length_exceeded" } }));
        var reply = await one.PlainAsync("a");
        Assert.Equal((HttpStatusCode.BadRequest, "context_length_exceeded"), (reply.Status, reply.Code));
        var settlement = (await one.SettledAsync(reply.DecisionId)).GetProperty("settlement");
        Assert.Equal(("failed", 0.0), (settlement.GetProperty("outcome").GetString(), settlement.GetProperty("cost_usd").GetDouble()));
    }

    [Fact]
    public async Task Objections_leave_the_circuit_closed()
    {
        var one = upstreams.Case(call => call.JsonAsync(400, new { error = new { message = "too long", code = "context_length_exceeded" } }));
        for (var i = 0; i < 10; i++)
        {
            one.AssertAnsweredByB(await one.PlainAsync());
        }

        var arm = (await one.Client.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray().Single(a => a.GetProperty("id").GetString() == "a");
        Assert.Equal("closed", arm.GetProperty("circuit").GetString());
    }

    [Theory]
    [InlineData("temperature", """{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","param":"temperature","code":"unsupported_value"}}""")]
    [InlineData("logprobs", """{"error":{"message":"Unsupported parameter: 'logprobs' is not supported with this model.","param":"logprobs","code":"unsupported_parameter"}}""")]
    [InlineData("max_tokens", """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}""")]
    public async Task A_parameter_that_a_model_does_not_take_is_left_out_or_renamed_and_remembered(string parameter, string objection)
    {
        var refused = 0;
        var one = upstreams.Case(async call =>
        {
            if (call.Has(parameter))
            {
                Interlocked.Increment(ref refused);
                await call.TextAsync(400, objection);
                return;
            }

            Assert.Equal(parameter == "max_tokens" ? 50 : null, call.MaxTokens);
            await Answers.WellAsync(call);
        });
        var body = new Dictionary<string, object> { ["model"] = "auto", ["messages"] = Messages, [parameter] = parameter switch { "temperature" => 0.2, "logprobs" => true, _ => 50 } };
        for (var i = 0; i < 3; i++)
        {
            var reply = (await one.Client.PostAsync("/v1/chat/completions", body)).Ok();
            Assert.Equal("a", reply.Model);
        }

        Assert.Equal(1, refused);
        Assert.Equal(4, one.CallsOfA);
    }

    [Fact]
    public async Task The_gateways_own_field_is_left_out_for_a_server_that_refuses_it()
    {
        var refused = 0;
        var one = upstreams.Case(async call =>
        {
            if (call.Has("stream_options"))
            {
                Interlocked.Increment(ref refused);
                await call.TextAsync(422, """{"error":{"message":"extra fields not permitted: stream_options"}}""");
                return;
            }

            await Answers.WellAsync(call);
        });
        for (var i = 0; i < 2; i++)
        {
            var reply = await one.StreamAsync("a");
            Assert.True(reply.IsWhole, reply.ToString());
            Assert.Equal(Answers.Word, reply.Text);
            Assert.True((await one.SettledAsync(reply.DecisionId!)).GetProperty("settlement").GetProperty("cost_usd").GetDouble() > 0);
        }

        Assert.Equal(1, refused);
    }

    [Fact]
    public async Task A_long_history_of_tool_calls_goes_to_no_model_with_a_small_window()
    {
        var one = upstreams.Case(call => call.JsonAsync(400, new { error = new { message = "too long", code = "context_length_exceeded" } }));
        var reply = await one.Client.PostAsync("/v1/chat/completions", new
        {
            model = "auto",
            messages = new object[]
            {
                new { role = "user", content = "ok" },
                new { role = "assistant", content = (string?)null, tool_calls = new[] { new { id = "c1", type = "function", function = new { name = "f", arguments = $$"""{"x":"{{new string('y', 200_000)}}"}""" } } } },
                new { role = "tool", tool_call_id = "c1", content = "1" },
            },
        });
        one.AssertAnsweredByB(reply);
        Assert.Equal(0, one.CallsOfA);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(402)]
    public async Task Prompts_of_one_tenant_that_are_refused_take_the_model_from_nobody(int status)
    {
        var one = upstreams.Case(async call =>
        {
            if (call.Text.Contains("flag this", StringComparison.Ordinal))
            {
                await call.JsonAsync(status, new { error = new { message = "flagged by moderation" } });
                return;
            }

            await Answers.WellAsync(call);
        });
        for (var i = 0; i < 6; i++)
        {
            await one.Client.ChatAsync("flag this", "a");
        }

        Assert.Equal("a", (await one.Neighbour.ChatAsync("say hi", "a")).Ok().Model);
        Assert.Equal("a", (await one.Client.ChatAsync("say hi", "a")).Ok().Model);
    }

    [Fact]
    public async Task Prompts_of_one_tenant_that_break_a_server_take_the_model_from_nobody_else()
    {
        var one = upstreams.Case(async call =>
        {
            if (call.Text.Contains("poison", StringComparison.Ordinal))
            {
                await call.JsonAsync(500, new { error = new { message = "bad grammar" } });
                return;
            }

            await Answers.WellAsync(call);
        });
        for (var i = 0; i < 20; i++)
        {
            await one.Client.ChatAsync("poison", "a");
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("a", (await one.Neighbour.ChatAsync("say hi", "a")).Ok().Model);
        }
    }
}
