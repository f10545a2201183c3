using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Extensions.AI.Tests.Support;

namespace MetaLlm.Extensions.AI.Tests.Chat;

[Collection(NodeGroup.Name)]
public sealed class MetaLlmChatClientTests(Node node)
{
    [Fact]
    public async Task An_answer_says_how_it_was_routed_and_is_settled_at_the_price_of_its_model()
    {
        var response = await node.Client().GetResponseAsync([new(ChatRole.System, "Be kind."), new(ChatRole.User, "How routed?")], new ChatOptions { Temperature = 0.5f });

        var decision = response.GetRoutingDecision()!;
        Assert.Equal($"{decision.Model} says: How routed?", response.Text);
        Assert.Contains(decision.Model, (string[])["small", "large"]);
        Assert.InRange(decision.Propensity!.Value, double.Epsilon, 1);
        Assert.Equal(1, decision.Attempts);
        Assert.Equal(("chatcmpl-" + decision.DecisionId, decision.Model, ChatFinishReason.Stop), (response.ResponseId, response.ModelId, response.FinishReason));
        Assert.Equal((20L, 5L, 4L), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.CachedInputTokenCount));

        var stored = await node.SettledAsync("app", decision.DecisionId);
        Assert.Equal((CallOutcome.Completed, decision.Model), (stored.Settlement!.Outcome, stored.ServedArm));
        var (input, output) = decision.Model == "small" ? (0.10, 0.40) : (2.00, 8.00);
        Assert.InRange(stored.Settlement.CostUsd!.Value, 1e-12, ((20 * input) + (5 * output)) / 1e6 + 1e-12);

        var client = decision.Model == "small" ? node.Small : node.Large;
        var (messages, options) = client.Asked.Last(call => call.Messages[^1].Text == "How routed?");
        Assert.Equal(["system", "user"], messages.Select(message => message.Role.Value));
        Assert.Equal(0.5f, options!.Temperature);
    }

    [Fact]
    public async Task A_pinned_model_answers_under_the_name_that_its_client_knows()
    {
        foreach (var (model, name) in ((string, string?)[])[("small", null), ("large", "large-2")])
        {
            var response = await node.Client().GetResponseAsync($"Pin {model}", new ChatOptions { ModelId = model });
            Assert.Equal($"{model} says: Pin {model}", response.Text);
            var client = model == "small" ? node.Small : node.Large;
            Assert.Equal(name, client.Asked.Last(call => call.Messages[^1].Text == $"Pin {model}").Options!.ModelId);
        }
    }

    [Fact]
    public async Task Wishes_of_routing_are_heeded()
    {
        var response = await node.Client("pins").GetResponseAsync("Only one", new ChatOptions().WithRouting(new RoutingWishes { Task = "t", Allow = ["large"] }));
        Assert.Equal("large", response.GetRoutingDecision()!.Model);

        var error = await Assert.ThrowsAsync<MetaLlmException>(() => node.Client("pins").GetResponseAsync("None", new ChatOptions().WithRouting(new RoutingWishes { Allow = ["huge"] })));
        Assert.Equal(("invalid_value", "metallm.allow"), (error.Code, error.Parameter));
    }

    [Fact]
    public async Task A_stream_says_first_how_it_was_routed_and_last_what_it_counted()
    {
        var updates = await node.Client("streams").GetStreamingResponseAsync("Stream it").ToListAsync();

        var decision = updates[0].GetRoutingDecision()!;
        Assert.Equal($"{decision.Model} says: Stream it", string.Concat(updates));
        Assert.Equal(5L, updates[^1].Contents.OfType<UsageContent>().Single().Details.OutputTokenCount);
        var response = updates.ToChatResponse();
        Assert.Equal((decision, ChatFinishReason.Stop), (response.GetRoutingDecision(), response.FinishReason));
        Assert.Equal(CallOutcome.Completed, (await node.SettledAsync("streams", decision.DecisionId)).Settlement!.Outcome);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_to_its_end_is_settled()
    {
        var updates = node.Client("aborts").GetStreamingResponseAsync("Stop early").GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        var decision = updates.Current.GetRoutingDecision()!.DecisionId;
        await updates.DisposeAsync();

        Assert.Equal(CallOutcome.Aborted, (await node.SettledAsync("aborts", decision)).Settlement!.Outcome);
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_ends_the_call_of_its_model()
    {
        using var cancelling = new CancellationTokenSource();
        var (reached, gone) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        node.Small.AfterFirstUpdate = async token =>
        {
            await using var registration = token.Register(gone.SetResult);
            reached.TrySetResult();
            await gone.Task;
        };
        try
        {
            var updates = node.Client("aborts").GetStreamingResponseAsync("Cancel it", new ChatOptions { ModelId = "small" }, cancelling.Token).GetAsyncEnumerator();
            await using (updates)
            {
                Assert.True(await updates.MoveNextAsync());
                var decision = updates.Current.GetRoutingDecision()!.DecisionId;
                Assert.True(await updates.MoveNextAsync());
                Assert.Equal("small says: Cancel it", updates.Current.Text);
                var more = updates.MoveNextAsync().AsTask();
                await reached.Task;
                await cancelling.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => more);
                Assert.Equal(CallOutcome.Aborted, (await node.SettledAsync("aborts", decision)).Settlement!.Outcome);
            }

            await gone.Task;
        }
        finally
        {
            node.Small.AfterFirstUpdate = null;
        }
    }

    [Fact]
    public async Task Functions_are_invoked_between_calls_that_keep_their_model()
    {
        var asked = new List<string>();
        var weather = AIFunctionFactory.Create((string city) => { asked.Add(city); return "sunny"; }, "weather");
        using var client = node.Client("functions").AsBuilder().UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync("How is the weather?", new ChatOptions { Tools = [weather] });
        Assert.Equal("It is sunny.", response.Text);
        Assert.Equal(["Bonn"], asked);
        var last = await node.SettledAsync("functions", response.GetRoutingDecision()!.DecisionId);
        Assert.Equal(ConversationChoice.Held, last.Decision.Conversation!.Choice);

        var updates = await client.GetStreamingResponseAsync("And now?", new ChatOptions { Tools = [weather] }).ToListAsync();
        Assert.Equal("It is sunny.", string.Concat(updates));
        Assert.Equal(2, updates.Select(update => update.GetRoutingDecision()).OfType<RoutingDecision>().Count());
    }

    [Fact]
    public async Task An_answer_has_the_form_that_was_asked_for()
    {
        var response = await node.Client("forms").GetResponseAsync<City>("Which city?");
        Assert.Equal(new City("Bonn", 335_000), response.Result);
        Assert.NotNull(response.GetRoutingDecision());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_reasoning_comes_back_to_its_model(bool isStreamed)
    {
        var client = node.Client("forms");
        List<ChatMessage> messages = [new(ChatRole.User, "Think")];
        var options = new ChatOptions { ModelId = "small" };
        var thought = isStreamed ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
        Assert.Equal(("Thought.", "Hm."), (thought.Text, string.Concat(thought.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Select(reasoning => reasoning.Text))));

        var next = $"Go on, {(isStreamed ? "streamed" : "whole")}";
        await client.GetResponseAsync([.. messages, .. thought.Messages, new(ChatRole.User, next)], options);
        var asked = node.Small.Asked.Last(call => call.Messages[^1].Text == next).Messages;
        var reasoning = Assert.Single(asked[1].Contents.OfType<TextReasoningContent>());
        Assert.Equal(("Hm.", "signed by small"), (reasoning.Text, reasoning.ProtectedData));
    }

    [Fact]
    public async Task An_image_arrives_as_it_was_sent()
    {
        var image = new DataContent(new byte[] { 1, 2, 3 }, "image/png");
        await node.Client("forms").GetResponseAsync([new(ChatRole.User, [new TextContent("See this"), image])], new ChatOptions { ModelId = "large" });
        var contents = node.Large.Asked.Last(call => call.Messages[^1].Text == "See this").Messages[^1].Contents;
        Assert.Equal(image.Uri, Assert.Single(contents.OfType<DataContent>()).Uri);
    }

    [Fact]
    public async Task A_pipeline_routes_and_leaves_the_client_within_alone()
    {
        var inner = FakeChatClient.Saying("from within");
        using var client = inner.AsBuilder().UseMetaLlm().Build(node.Services);
        var response = await client.GetResponseAsync("In a pipeline");
        Assert.Equal($"{response.GetRoutingDecision()!.Model} says: In a pipeline", response.Text);
        Assert.EndsWith("says: Streamed", string.Concat(await client.GetStreamingResponseAsync("Streamed").ToListAsync()), StringComparison.Ordinal);
        Assert.Empty(inner.Asked);
        Assert.Equal("app", client.GetService<MetaLlmChatClient>()!.Tenant);
    }

    [Theory]
    [InlineData("poor", "hard_cap_reached", 402, true)]
    [InlineData("broken", "upstream_failed", 502, false)]
    [InlineData("refused", "model_objected", 400, false)]
    [InlineData("nobody", "tenant_not_found", 404, false)]
    public async Task What_goes_wrong_has_the_code_that_HTTP_clients_get(string tenant, string code, int status, bool passes)
    {
        using var client = new MetaLlmChatClient(node.Services, tenant);
        var error = await Assert.ThrowsAsync<MetaLlmException>(() => client.GetResponseAsync("Hello"));
        Assert.Equal((code, status, passes), (error.Code, error.StatusCode, error.RetryAfter is not null));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsUnavailable);

        var streamed = await Assert.ThrowsAsync<MetaLlmException>(async () => await client.GetStreamingResponseAsync("Hello").ToListAsync());
        Assert.Equal(code, streamed.Code);
    }

    [Fact]
    public async Task Limits_of_the_tenant_hold_in_process_too()
    {
        await node.Client("limited").GetResponseAsync("One");
        var error = await Assert.ThrowsAsync<MetaLlmException>(() => node.Client("limited").GetResponseAsync("Two"));
        Assert.Equal(("rate_limit_exceeded", 429), (error.Code, error.StatusCode));
        Assert.InRange(error.RetryAfter!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_cancelled_call_is_a_cancellation()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Client().GetResponseAsync("Hello", cancellationToken: cancelled.Token));
    }

    [Fact]
    public void The_client_says_what_it_is()
    {
        using var client = new MetaLlmChatClient(node.Services, "app");
        Assert.Equal("metallm", client.GetService<ChatClientMetadata>()!.ProviderName);
        Assert.Same(client, client.GetService<MetaLlmChatClient>());
        Assert.Null(client.GetService<string>());
    }

    private sealed record City(string Name, int Inhabitants);
}
