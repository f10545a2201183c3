using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The tests' own Messages provider in the hands of the official client, which checks every answer: what the gateway is tested against is well-shaped.</summary>
public sealed class AnthropicFakeTests
{
    [Fact]
    public async Task It_answers_streams_and_calls_tools()
    {
        await using var upstream = await AnthropicUpstream.StartAsync();
        using var client = Client(upstream);
        var message = await client.Messages.Create(Ask("Hello"));
        message.Validate();
        Assert.Contains(message.Content, block => block.TryPickThinking(out var thinking) && thinking.Signature.Length > 0);
        Assert.Contains(message.Content, block => block.TryPickText(out var text) && text.Text.StartsWith("token ", StringComparison.Ordinal));
        Assert.True(message.Usage.InputTokens > 0);

        var (kinds, tool) = (new HashSet<string>(), string.Empty);
        await foreach (var update in client.Messages.CreateStreaming(Ask("Hello", [new Tool { Name = "weather", InputSchema = new InputSchema() }])))
        {
            update.Validate();
            kinds.Add(update.Json.GetProperty("type").GetString()!);
            tool += update.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickInputJson(out var json) ? json.PartialJson : null;
        }

        Assert.Equal(["content_block_delta", "content_block_start", "content_block_stop", "message_delta", "message_start", "message_stop"], kinds.Order(StringComparer.Ordinal));
        Assert.Equal(3, JsonDocument.Parse(tool).RootElement.GetProperty("days").GetInt32());
    }

    [Fact]
    public async Task Its_errors_are_those_that_the_client_knows()
    {
        await using var busy = await AnthropicUpstream.StartAsync(_ => new Order(InvoiceFault.ServerError, 1));
        using var client = Client(busy);
        Assert.Contains("overloaded_error", (await Assert.ThrowsAnyAsync<AnthropicApiException>(() => client.Messages.Create(Ask("x")))).Message, StringComparison.Ordinal);
        await using var limited = await AnthropicUpstream.StartAsync(_ => new Order(InvoiceFault.RateLimited, 1));
        using var other = Client(limited);
        await Assert.ThrowsAsync<AnthropicRateLimitException>(() => other.Messages.Create(Ask("x")));
        await using var broken = await AnthropicUpstream.StartAsync(_ => new Order(InvoiceFault.RoleThenError, 1));
        using var third = Client(broken);
        await Assert.ThrowsAnyAsync<AnthropicException>(async () =>
        {
            await foreach (var _ in third.Messages.CreateStreaming(Ask("x")))
            {
            }
        });
    }

    private static AnthropicClient Client(AnthropicUpstream upstream) =>
        new() { BaseUrl = upstream.Root.ToString(), ApiKey = AnthropicUpstream.Key, ResponseValidation = true, MaxRetries = 0 };

    private static MessageCreateParams Ask(string text, IReadOnlyList<ToolUnion>? tools = null) => new()
    {
        MaxTokens = 2000,
        Model = "claude-sonnet-4-5",
        Messages = [new UserMessageParam(text)],
        Thinking = new ThinkingConfigEnabled { BudgetTokens = 1024 },
        Tools = tools,
    };
}
