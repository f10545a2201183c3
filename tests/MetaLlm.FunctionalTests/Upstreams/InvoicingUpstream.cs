using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>
/// A provider with a price list and a ledger. It asks for the prompt and for what it had generated when the call ended, however it ended;
/// it asks nothing for a request that it refused. A token of its own is five letters and a space, so that no estimate from characters is below its count.
/// </summary>
internal sealed partial class InvoicingUpstream : IAsyncDisposable
{
    public const string Token = "token ";
    private const int TokensPerEvent = 16;

    private readonly IReadOnlyDictionary<string, ModelPrice> _prices;
    private readonly Func<UpstreamCall, int, Order> _plan;
    private readonly ConcurrentQueue<Bill> _bills = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _arrivals = new();
    private LoopbackUpstream? _server;

    private InvoicingUpstream(IReadOnlyDictionary<string, ModelPrice> prices, Func<UpstreamCall, int, Order> plan)
    {
        _prices = prices;
        _plan = plan;
    }

    public Uri Address => _server!.Address;

    /// <summary>Time from a request to the first token, as models need it to be called at the same time.</summary>
    public TimeSpan Latency { get; init; }

    public IReadOnlyCollection<Bill> Bills => _bills;

    /// <summary>The sum of all bills.</summary>
    public decimal Usd => _bills.Sum(bill => bill.Usd);

    /// <param name="prices">The price list, by model.</param>
    /// <param name="plan">How to answer a request with that number.</param>
    /// <param name="latency">Time to the first token.</param>
    public static async Task<InvoicingUpstream> StartAsync(
        IReadOnlyDictionary<string, ModelPrice> prices, Func<UpstreamCall, int, Order> plan, TimeSpan latency = default)
    {
        var upstream = new InvoicingUpstream(prices, plan) { Latency = latency };
        upstream._server = await LoopbackUpstream.StartAsync(upstream.AnswerAsync);
        return upstream;
    }

    /// <summary>The text of a call: its number, by which the ledger knows it, and what else is said.</summary>
    public static string Prompt(int call, string text) => string.Create(CultureInfo.InvariantCulture, $"Call {call}: {text}");

    /// <summary>Completes when a call has come.</summary>
    public Task ArrivedAsync(int call) => Arrival(call).Task;

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private static long Choices(UpstreamCall call, int tokens) => (long)call.Choices * tokens;

    private static string Text(int tokens) => string.Concat(Enumerable.Repeat(Token, tokens));

    private static long PromptTokens(UpstreamCall call) => 1 + (call.Text.Length / 5) + (call.Has("tools") ? call.Asked.GetProperty("tools").GetRawText().Length / 6 : 0);

    private async Task AnswerAsync(UpstreamCall call)
    {
        var number = int.Parse(Numbers().Match(call.Text).Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        var order = _plan(call, number);
        Arrival(number).TrySetResult();
        var meter = new TokenMeter(PromptTokens(call), order.CachedShare);
        try
        {
            if (Latency > TimeSpan.Zero && order.Fault != InvoiceFault.Hang)
            {
                await Task.Delay(Latency, call.Left);
            }

            await AnswerAsync(call, order with { Tokens = Math.Min(order.Tokens, call.MaxTokens ?? int.MaxValue) }, meter);
        }
        catch (OperationCanceledException) when (call.Left.IsCancellationRequested)
        {
            // The caller hung up, and never learns what it owes.
            meter.IsKnown = false;
        }
        finally
        {
            var usd = meter.OwnUsd ?? (meter.Refused ? 0 : _prices[call.Model].Usd(meter.Prompt, meter.Cached, meter.Generated));
            _bills.Enqueue(new Bill(number, call.Model, order.Fault, call.Stream, usd, meter.IsKnown));
        }
    }

    private async Task AnswerAsync(UpstreamCall call, Order order, TokenMeter meter)
    {
        switch (order.Fault)
        {
            case InvoiceFault.ServerError:
                meter.Refused = true;
                await call.JsonAsync(500, new { error = new { message = "internal" } });
                break;
            case InvoiceFault.RateLimited:
                meter.Refused = true;
                await call.JsonAsync(429, new { error = new { message = "slow down" } });
                break;
            case InvoiceFault.TooLong:
                meter.Refused = true;
                await call.JsonAsync(400, new { error = new { message = "too long", code = "context_length_exceeded" } });
                break;
            case InvoiceFault.NoTemperature when call.Has("temperature"):
                meter.Refused = true;
                await call.JsonAsync(400, new { error = new { message = "Unsupported parameter: 'temperature'", param = "temperature", code = "unsupported_parameter" } });
                break;
            case InvoiceFault.Reset:
                meter.IsKnown = false;
                call.Reset();
                break;
            case InvoiceFault.Hang:
                meter.IsKnown = false;
                meter.Generated = order.Tokens / 4;
                await call.HangAsync();
                break;
            case InvoiceFault.ErrorBesideChoices or InvoiceFault.RoleThenError:
                meter.IsKnown = false;
                await FailInBandAsync(call, order.Fault);
                break;
            case InvoiceFault.BadJson:
                meter.IsKnown = false;
                meter.Generated = call.Stream ? 0 : Choices(call, order.Tokens);
                await (call.Stream ? call.EventAsync("{\"id\":\"u\",\"choices\":[{") : call.TextAsync(200, "{\"id\":\"u\",\"choices\":[{\"message\":"));
                break;
            default:
                await (call.Stream ? StreamAsync(call, order, meter) : PlainAsync(call, order, meter));
                break;
        }
    }

    private static async Task FailInBandAsync(UpstreamCall call, InvoiceFault fault)
    {
        var error = new { code = 502, message = "provider gone" };
        if (!call.Stream)
        {
            await call.JsonAsync(200, new
            {
                id = "u",
                choices = new[] { new { index = 0, message = new { role = "assistant", content = "" }, finish_reason = "error", error } },
            });
            return;
        }

        if (fault == InvoiceFault.RoleThenError)
        {
            await call.EventAsync(Chunk(0, new { role = "assistant", content = "" }, null));
            await call.EventAsync(new { error });
            return;
        }

        await call.EventAsync(new { id = "u", error, choices = new[] { new { index = 0, delta = new { content = "" }, finish_reason = "error" } } });
        await call.DoneAsync();
    }

    private async Task PlainAsync(UpstreamCall call, Order order, TokenMeter meter)
    {
        meter.Generated = Choices(call, order.Tokens);
        var text = Text(order.Tokens);
        object message = call.Has("tools")
            ? new { role = "assistant", content = (string?)null, tool_calls = ToolCalls(text) }
            : new { role = "assistant", content = text };
        var choices = Enumerable.Range(0, call.Choices).Select(index => new { index, message, finish_reason = call.Has("tools") ? "tool_calls" : "stop" });
        var answer = new { id = "u", @object = "chat.completion", created = 1, model = call.Model, choices, usage = Usage(call, order, meter) };
        if (order.Fault == InvoiceFault.Cut)
        {
            meter.IsKnown = false;
            await call.HalfAsync(answer);
            return;
        }

        await call.JsonAsync(200, answer);
    }

    private async Task StreamAsync(UpstreamCall call, Order order, TokenMeter meter)
    {
        for (var choice = 0; choice < call.Choices; choice++)
        {
            await call.EventAsync(Chunk(choice, new { role = "assistant", content = "" }, null));
        }

        var until = order.Fault == InvoiceFault.Cut ? Math.Max(1, order.Tokens / 2) : order.Tokens;
        for (var sent = 0; sent < until; sent += TokensPerEvent)
        {
            var text = Text(Math.Min(TokensPerEvent, until - sent));
            for (var choice = 0; choice < call.Choices; choice++)
            {
                meter.Generated += text.Length / Token.Length;
                await call.EventAsync(Chunk(choice, call.Has("tools") ? new { tool_calls = ToolCalls(text) } : new { content = text }, null));
            }
        }

        if (order.Fault == InvoiceFault.Cut)
        {
            // It ends in good order, so that nothing of what was sent is lost on the way.
            meter.IsKnown = false;
            return;
        }

        for (var choice = 0; choice < call.Choices; choice++)
        {
            await call.EventAsync(Chunk(choice, new { }, call.Has("tools") ? "tool_calls" : "stop"));
        }

        var usage = Usage(call, order, meter);
        if (call.WantsUsage && usage is not null)
        {
            await call.EventAsync(new { id = "u", choices = Array.Empty<object>(), usage });
        }
        else
        {
            meter.IsKnown = false;
        }

        await call.DoneAsync();
    }

    /// <summary>The count of what was generated, told as the order wants it told.</summary>
    private object? Usage(UpstreamCall call, Order order, TokenMeter meter)
    {
        switch (order.Fault)
        {
            case InvoiceFault.NoUsage:
                meter.IsKnown = false;
                return null;
            case InvoiceFault.ZeroUsage:
                meter.IsKnown = false;
                return new { prompt_tokens = 0, completion_tokens = 0, total_tokens = 0 };
            case InvoiceFault.ReasoningOutside:
                var visible = meter.Generated;
                meter.Generated += visible / 2;
                return new
                {
                    prompt_tokens = meter.Prompt,
                    completion_tokens = visible,
                    total_tokens = meter.Prompt + meter.Generated,
                    completion_tokens_details = new { reasoning_tokens = meter.Generated - visible },
                };
            case InvoiceFault.OwnCost:
                meter.OwnUsd = 1.1m * _prices[call.Model].Usd(meter.Prompt, meter.Cached, meter.Generated);
                return new { prompt_tokens = meter.Prompt, completion_tokens = meter.Generated, total_tokens = meter.Prompt + meter.Generated, cost = meter.OwnUsd };
            default:
                return new
                {
                    prompt_tokens = meter.Prompt,
                    completion_tokens = meter.Generated,
                    total_tokens = meter.Prompt + meter.Generated,
                    prompt_tokens_details = new { cached_tokens = meter.Cached },
                };
        }
    }

    private static object Chunk(int index, object delta, string? reason) =>
        new { id = "u", @object = "chat.completion.chunk", created = 1, choices = new[] { new { index, delta, finish_reason = reason } } };

    private static object[] ToolCalls(string arguments) =>
        [new { index = 0, id = "c1", type = "function", function = new { name = "f", arguments } }];

    private TaskCompletionSource Arrival(int call) =>
        _arrivals.GetOrAdd(call, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    [GeneratedRegex("^Call (?<number>[0-9]+):")]
    private static partial Regex Numbers();

    private sealed class TokenMeter(long prompt, double cachedShare)
    {
        public long Prompt { get; } = prompt;

        public long Cached { get; } = (long)(prompt * cachedShare);

        public long Generated { get; set; }

        public decimal? OwnUsd { get; set; }

        public bool Refused { get; set; }

        public bool IsKnown { get; set; } = true;
    }
}
