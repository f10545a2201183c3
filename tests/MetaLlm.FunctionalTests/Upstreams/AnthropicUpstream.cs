using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>
/// A provider on loopback that speaks the Messages API, as its documentation has it: it refuses what the format does not allow, sends every kind of event, and
/// keeps a ledger with the prices of cache reads and writes. What it does follows from the request; see <see cref="AnthropicCall"/>.
/// </summary>
internal sealed partial class AnthropicUpstream : IAsyncDisposable
{
    public const string Key = "sk-ant-test";

    /// <summary>The variable in which configurations of tests have the key.</summary>
    public const string KeyVariable = "TEST_ANTHROPIC_KEY";

    private readonly WebApplication _app;
    private readonly Func<AnthropicCall, Order> _plan;
    private readonly ConcurrentQueue<Bill> _bills = new();
    private readonly ConcurrentQueue<JsonElement> _requests = new();

    private AnthropicUpstream(WebApplication app, Func<AnthropicCall, Order> plan)
    {
        _app = app;
        _plan = plan;
        app.MapPost("/v1/messages", AnswerAsync);
    }

    /// <summary>Where official clients are pointed; the gateway is given the path <c>v1</c> below it.</summary>
    public Uri Root => new(_app.Urls.Single());

    public Uri Address => new(Root, "v1");

    /// <summary>Requests that were well-formed, in order of arrival.</summary>
    public IReadOnlyCollection<JsonElement> Requests => _requests;

    public IReadOnlyCollection<Bill> Bills => _bills;

    public static ModelPrice Price { get; } = new(3m, 0.3m, 15m);

    /// <summary>Price of a million tokens that are written to the cache.</summary>
    public const decimal CacheWriteUsd = 3.75m;

    /// <param name="plan">How to answer; null to answer well.</param>
    public static async Task<AnthropicUpstream> StartAsync(Func<AnthropicCall, Order>? plan = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var upstream = new AnthropicUpstream(builder.Build(), plan ?? (_ => new Order(InvoiceFault.None, 12)));
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers["request-id"] = $"req_{Guid.NewGuid():N}";
        using var asked = await JsonDocument.ParseAsync(http.Request.Body);
        var call = new AnthropicCall(http, asked.RootElement.Clone());
        if (call.Problem() is { } problem)
        {
            await call.ErrorAsync(problem.Status, problem.Type, problem.Message);
            return;
        }

        _requests.Enqueue(call.Asked);
        var order = _plan(call);
        var meter = new AnthropicMeter(call);
        try
        {
            await AnswerAsync(call, order with { Tokens = Math.Min(order.Tokens, call.MaxTokens) }, meter);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            meter.IsKnown = false;
        }
        finally
        {
            var number = Number().Match(call.FirstText) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : -1;
            _bills.Enqueue(new Bill(number, call.Model, order.Fault, call.Stream, meter.Usd, meter.IsKnown));
        }
    }

    private static async Task AnswerAsync(AnthropicCall call, Order order, AnthropicMeter meter)
    {
        switch (order.Fault)
        {
            case InvoiceFault.ServerError:
                meter.Refuse();
                await call.ErrorAsync(529, "overloaded_error", "Overloaded");
                break;
            case InvoiceFault.RateLimited:
                meter.Refuse();
                await call.ErrorAsync(429, "rate_limit_error", "This request would exceed your organization's rate limit.");
                break;
            case InvoiceFault.TooLong:
                meter.Refuse();
                await call.ErrorAsync(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum");
                break;
            case InvoiceFault.NoTemperature when call.Has("temperature"):
                meter.Refuse();
                await call.ErrorAsync(400, "invalid_request_error", "`temperature` is deprecated for this model.");
                break;
            case InvoiceFault.Reset:
                meter.IsKnown = false;
                call.Http.Abort();
                break;
            case InvoiceFault.Hang:
                meter.IsKnown = false;
                meter.Generated = order.Tokens / 4;
                await Task.Delay(Timeout.Infinite, call.Http.RequestAborted);
                break;
            default:
                var blocks = AnthropicAnswers.Blocks(call, order.Tokens);
                await (call.Stream ? AnthropicAnswers.StreamAsync(call, order, blocks, meter) : AnthropicAnswers.PlainAsync(call, order, blocks, meter));
                break;
        }
    }

    [GeneratedRegex("^Call ([0-9]+):")]
    private static partial Regex Number();
}
