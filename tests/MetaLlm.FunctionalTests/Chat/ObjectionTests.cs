namespace MetaLlm.FunctionalTests.Chat;

/// <summary>What one model objects to in a request another one may take.</summary>
public sealed class ObjectionTests
{
    [Theory]
    [InlineData(400, false)]
    [InlineData(400, true)]
    [InlineData(413, false)]
    [InlineData(422, true)]
    public async Task A_request_that_one_model_objects_to_goes_to_the_next_and_holds_nothing_against_the_model(int status, bool stream)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, _) => ScriptedUpstream.FailAsync(context, status, """{"error":{"code":"context_length_exceeded","message":"too long"}}"""));
        upstream.On("b", ScriptedUpstream.AnswerAsync);
        var configuration = upstream.Configure("a", "b");
        configuration["MetaLlm"]!["routing"]!["failureThreshold"] = 3;
        await using var gateway = await RunningGateway.StartAsync(configuration);
        for (var i = 0; i < 5; i++)
        {
            using var response = await gateway.Alpha.StreamAsync(new { model = "auto", stream, messages = new[] { new { role = "user", content = "x" } } });
            Assert.Contains("Hello.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(("b", "2"), (response.Headers.GetValues("x-metallm-model").Single(), response.Headers.GetValues("x-metallm-attempts").Single()));
        }

        var arms = (await gateway.Alpha.GetAsync("/v1/policy")).Ok().Json.GetProperty("arms").EnumerateArray();
        Assert.All(arms, arm => Assert.Equal("closed", arm.GetProperty("circuit").GetString()));
    }

    [Fact]
    public async Task Where_all_models_object_the_first_ones_words_are_the_answer_and_a_pinned_model_is_asked_alone()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", (context, _) => ScriptedUpstream.FailAsync(context, 400, """{"error":{"message":"first"}}"""));
        upstream.On("b", (context, _) => ScriptedUpstream.FailAsync(context, 422, """{"error":{"message":"second"}}"""));
        await using var gateway = await RunningGateway.StartAsync(upstream.Configure("a", "b"));
        var reply = await gateway.Alpha.ChatAsync("x");
        Assert.Equal((HttpStatusCode.BadRequest, """{"error":{"message":"first"}}"""), (reply.Status, reply.Text));
        Assert.Equal(["a", "b"], upstream.Called.Distinct());
        var settlement = (await gateway.Alpha.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json.GetProperty("settlement");
        Assert.Equal(("failed", 0), (settlement.GetProperty("outcome").GetString(), settlement.GetProperty("cost_usd").GetDouble()));

        upstream.Called.Clear();
        var pinned = await gateway.Alpha.ChatAsync("x", "b");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "second"), (pinned.Status, pinned.Message));
        Assert.Equal(["b"], upstream.Called.Distinct());
    }
}
