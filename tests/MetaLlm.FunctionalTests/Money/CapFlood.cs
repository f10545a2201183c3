using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>Many clients at once against a small cap, with answers far longer than the arms are expected to give.</summary>
internal sealed class CapFlood : IAsyncDisposable
{
    public const decimal CapUsd = 1;
    private const int Clients = 64;
    private const int CallsPerClient = 8;
    private const int MostAttempts = 100;

    /// <summary>Most tokens of an answer; 256 are predicted.</summary>
    private const int MaxTokens = 4096;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(30);

    /// <summary>How long a client waits that was told to come again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly Dictionary<string, ModelPrice> Prices = new() { ["near"] = new(1m, 1m, 10m), ["far"] = new(1m, 1m, 12m) };

    private readonly InvoicingUpstream _upstream;
    private readonly ConcurrentDictionary<int, FloodKind> _kinds = new();
    private readonly ConcurrentDictionary<(FloodKind Kind, HttpStatusCode Status), int> _statuses = new();
    private int _calls;

    private CapFlood(InvoicingUpstream upstream) => _upstream = upstream;

    /// <summary>The environment that the tenants' keys come from.</summary>
    public static IReadOnlyDictionary<string, string> Environment => UpstreamConfiguration.Environment(Enum.GetValues<FloodKind>().Select(Tenant));

    public static async Task<CapFlood> StartAsync() => new(await InvoicingUpstream.StartAsync(Prices, (call, _) => Plan(call), Latency));

    /// <summary>Calls that ended with a status.</summary>
    public int Count(FloodKind kind, HttpStatusCode status) => _statuses.GetValueOrDefault((kind, status));

    public static string Tenant(FloodKind kind) => $"flood-{kind}";

    /// <summary>Writes the upstream and a tenant for each kind of flood into a configuration.</summary>
    public void Configure(JsonObject configuration)
    {
        var own = UpstreamConfiguration.Create(("billing", _upstream.Address));
        foreach (var kind in Enum.GetValues<FloodKind>())
        {
            var arms = Prices.Select(price => UpstreamConfiguration.Arm(price.Key, "billing", price.Value)).ToArray();
            if (kind == FloodKind.LimitOfTheArm)
            {
                Array.ForEach(arms, arm => arm["maxOutputTokens"] = MaxTokens);
            }

            UpstreamConfiguration.AddTenant(own, Tenant(kind), arms)["budget"] = kind == FloodKind.Month
                ? new JsonObject { ["usdPerMonth"] = CapUsd }
                : new JsonObject { ["hardCapUsd"] = CapUsd, ["hardCapWindowHours"] = 8784 };
        }

        // Circuit breakers must not stand in for the cap.
        own["MetaLlm"]!["routing"]!["coolDownSeconds"] = 0.01;
        own["MetaLlm"]!["routing"]!["maxCoolDownSeconds"] = 0.01;
        foreach (var member in (string[])["upstreams", "tenants", "limits", "routing"])
        {
            configuration["MetaLlm"]![member] = own["MetaLlm"]![member]!.DeepClone();
        }
    }

    /// <summary>Sends the flood. Clients whose gateway is gone turn to the next one, and give up when there is none.</summary>
    /// <param name="kind">What kind.</param>
    /// <param name="gateways">The gateways that are there, whenever it is asked.</param>
    /// <param name="middle">Runs once, when a part of the calls has reached the upstream.</param>
    public async Task RunAsync(FloodKind kind, Func<IReadOnlyList<Client>> gateways, Func<Task>? middle = null)
    {
        var before = _upstream.Bills.Count;
        var flood = Task.WhenAll(Enumerable.Range(0, Clients).Select(worker => WorkAsync(kind, worker, gateways)));
        if (middle is not null)
        {
            await Eventually.TrueAsync("the flood has reached the upstream", () => _upstream.Bills.Count > before || flood.IsCompleted);
            await middle();
        }

        await flood;
    }

    /// <summary>Nothing above the cap: neither what the gateway has settled or set aside, nor what the upstream asks for.</summary>
    public async Task AssertKeptAsync(FloodKind kind, Client client, bool everythingSettles = true)
    {
        var policy = await Eventually.ReadAsync(
            "nothing stays reserved",
            async () =>
            {
                var read = (await client.GetAsync("/v1/policy")).Ok().Json;
                Assert.True(Money(read) <= CapUsd + 1e-9m, $"Settled and set aside are {Money(read)} of {CapUsd} USD.");
                return read;
            },
            read => !everythingSettles || read.GetProperty("reserved_usd").GetDouble() == 0,
            read => read.GetProperty("reserved_usd").ToString());
        var spent = policy.GetProperty("spend_usd").GetDecimal();
        var invoice = _upstream.Bills.Where(bill => _kinds[bill.Call] == kind).Sum(bill => bill.Usd);
        var statuses = string.Join(", ", _statuses.Where(s => s.Key.Kind == kind).Select(s => $"{(int)s.Key.Status}: {s.Value}"));
        var told = $"{kind}: {statuses}; settled {spent}, invoice {invoice} of {CapUsd} USD.";
        Assert.True(spent <= CapUsd + 1e-9m, told);
        Assert.True(invoice <= CapUsd + 1e-9m, told);
        Assert.True(Count(kind, HttpStatusCode.OK) > 0, told);
        Assert.True(Count(kind, HttpStatusCode.PaymentRequired) > 0, $"The cap was never met. {told}");
    }

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    private static decimal Money(JsonElement policy) => policy.GetProperty("spend_usd").GetDecimal() + policy.GetProperty("reserved_usd").GetDecimal();

    private static Order Plan(UpstreamCall call)
    {
        var kind = call.Text.Split(' ')[2];
        return kind switch
        {
            nameof(FloodKind.Cut) => new Order(InvoiceFault.Cut, 4000),
            nameof(FloodKind.LeavePlain) => new Order(InvoiceFault.Hang, 4000),
            nameof(FloodKind.Reroute) when call.Model == "near" => new Order(InvoiceFault.RoleThenError, 4000),
            nameof(FloodKind.LimitOfTheArm) => new Order(InvoiceFault.None, MaxTokens),
            _ => new Order(InvoiceFault.None, 4000),
        };
    }

    private static Dictionary<string, object> Body(FloodKind kind, int call, bool stream)
    {
        var body = new Dictionary<string, object>
        {
            ["model"] = "auto",
            ["stream"] = stream,
            ["messages"] = new[] { new { role = "user", content = InvoicingUpstream.Prompt(call, $"{kind} now") } },
        };
        if (kind == FloodKind.Choices)
        {
            body["n"] = 3;
        }

        if (kind != FloodKind.LimitOfTheArm)
        {
            body[stream ? "max_completion_tokens" : "max_tokens"] = MaxTokens;
        }

        return body;
    }

    private async Task WorkAsync(FloodKind kind, int worker, Func<IReadOnlyList<Client>> gateways)
    {
        var calls = 0;
        for (var i = 0; calls < CallsPerClient && i < MostAttempts; i++)
        {
            var open = gateways();
            if (open.Count == 0)
            {
                return;
            }

            try
            {
                var status = await CallAsync(kind, open[(worker + i) % open.Count]);
                if (status == HttpStatusCode.ServiceUnavailable)
                {
                    await Task.Delay(Pause);
                }
                else
                {
                    calls++;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
            {
                // The gateway is gone, or the stream was cut; neither is the client's to pay.
            }
        }
    }

    private async Task<HttpStatusCode> CallAsync(FloodKind kind, Client client)
    {
        var call = Interlocked.Increment(ref _calls);
        _kinds[call] = kind;
        var stream = kind is FloodKind.Stream or FloodKind.Cut or FloodKind.LeaveStream || (kind == FloodKind.Reroute && call % 2 == 0);
        using var leaving = new CancellationTokenSource();
        var sending = client.StreamAsync(Body(kind, call, stream), leaving.Token);
        if (kind == FloodKind.LeavePlain && await Task.WhenAny(sending, _upstream.ArrivedAsync(call)) != sending)
        {
            Tally(kind, HttpStatusCode.OK);
            await leaving.CancelAsync();
            var left = await Record.ExceptionAsync(() => sending);
            Assert.True(left is OperationCanceledException or HttpRequestException or null, $"{left}");
            return HttpStatusCode.OK;
        }

        using var response = await sending;
        Tally(kind, response.StatusCode);
        var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
        if (kind == FloodKind.LeaveStream)
        {
            await body.ReadAtLeastAsync(new byte[64], 64, throwOnEndOfStream: false, CancellationToken.None);
            return response.StatusCode;
        }

        await body.CopyToAsync(Stream.Null, CancellationToken.None);
        return response.StatusCode;
    }

    private void Tally(FloodKind kind, HttpStatusCode status) => _statuses.AddOrUpdate((kind, status), 1, (_, count) => count + 1);
}
