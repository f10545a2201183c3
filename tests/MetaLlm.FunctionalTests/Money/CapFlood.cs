using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
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
    private readonly ConcurrentDictionary<int, Flood> _floods = new();
    private readonly ConcurrentDictionary<(Flood Flood, HttpStatusCode Status), int> _statuses = new();
    private int _calls;

    private CapFlood(InvoicingUpstream upstream, int rounds)
    {
        _upstream = upstream;
        Floods = [.. Enumerable.Range(1, rounds).SelectMany(round => Enum.GetValues<FloodKind>().Select(kind => new Flood(kind, round)))];
    }

    /// <summary>Every flood that there is a tenant for, each with a cap of its own.</summary>
    public IReadOnlyList<Flood> Floods { get; }

    /// <summary>The environment that the tenants' keys come from.</summary>
    public IReadOnlyDictionary<string, string> Environment => UpstreamConfiguration.Environment(Floods.Select(Tenant));

    /// <summary>METALLM_FLOOD_RUNS asks for more than one round of all kinds.</summary>
    public static int Rounds { get; } = int.Parse(System.Environment.GetEnvironmentVariable("METALLM_FLOOD_RUNS") ?? "1", CultureInfo.InvariantCulture);

    /// <param name="rounds">How often each kind of flood has a tenant.</param>
    public static async Task<CapFlood> StartAsync(int rounds = 1) => new(await InvoicingUpstream.StartAsync(Prices, (call, _) => Plan(call), Latency), rounds);

    /// <summary>The key of a flood's tenant.</summary>
    public static string Key(Flood flood) => UpstreamConfiguration.Key(Tenant(flood));

    /// <summary>Writes the upstream and a tenant for each kind of flood into a configuration.</summary>
    public void Configure(JsonObject configuration)
    {
        var own = UpstreamConfiguration.Create(("billing", _upstream.Address));
        foreach (var flood in Floods)
        {
            var arms = Prices.Select(price => UpstreamConfiguration.Arm(price.Key, "billing", price.Value)).ToArray();
            if (flood.Kind == FloodKind.LimitOfTheArm)
            {
                Array.ForEach(arms, arm => arm["maxOutputTokens"] = MaxTokens);
            }

            UpstreamConfiguration.AddTenant(own, Tenant(flood), arms)["budget"] = flood.Kind == FloodKind.Month
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
    /// <param name="flood">Which.</param>
    /// <param name="gateways">The gateways that are there, whenever it is asked.</param>
    /// <param name="middle">Runs once, when a part of the calls has reached the upstream.</param>
    public async Task RunAsync(Flood flood, Func<IReadOnlyList<Client>> gateways, Func<Task>? middle = null)
    {
        var before = _upstream.Bills.Count;
        var running = Task.WhenAll(Enumerable.Range(0, Clients).Select(worker => WorkAsync(flood, worker, gateways)));
        if (middle is not null)
        {
            await Eventually.TrueAsync("the flood has reached the upstream", () => _upstream.Bills.Count > before || running.IsCompleted);
            await middle();
        }

        await running;
    }

    /// <summary>Nothing above the cap: neither what the gateway has settled or set aside, nor what the upstream asks for.</summary>
    public async Task AssertKeptAsync(Flood flood, Client client, bool everythingSettles = true)
    {
        var policy = await Eventually.ReadAsync(
            "nothing stays reserved",
            async () =>
            {
                var read = (await client.GetAsync("/v1/policy")).Ok().Json;
                Assert.True(Money(read) <= CapUsd + 1e-9m, $"Settled and set aside are {Money(read)} of {CapUsd} USD.");
                return read;
            },
            read => !everythingSettles || read.GetProperty("bound_usd").GetDouble() == 0,
            read => read.GetProperty("bound_usd").ToString());
        var spent = policy.GetProperty("spend_usd").GetDecimal();
        var invoice = _upstream.Bills.Where(bill => _floods[bill.Call] == flood).Sum(bill => bill.Usd);
        var statuses = string.Join(", ", _statuses.Where(s => s.Key.Flood == flood).Select(s => $"{(int)s.Key.Status}: {s.Value}"));
        var told = $"{flood}: {statuses}; settled {spent}, invoice {invoice} of {CapUsd} USD.";
        Assert.True(spent <= CapUsd + 1e-9m, told);
        Assert.True(invoice <= CapUsd + 1e-9m, told);
        Assert.True(invoice > 0, $"Nothing was called. {told}");
        Assert.True(_statuses.ContainsKey((flood, HttpStatusCode.PaymentRequired)), $"The cap was never met. {told}");
    }

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    private static string Tenant(Flood flood) => string.Create(CultureInfo.InvariantCulture, $"flood-{flood.Kind}-{flood.Round}");

    private static decimal Money(JsonElement policy) => policy.GetProperty("spend_usd").GetDecimal() + policy.GetProperty("bound_usd").GetDecimal();

    private static Order Plan(UpstreamCall call)
    {
        var kind = call.Text.Split(' ')[2];
        return kind switch
        {
            nameof(FloodKind.Cut) => new Order(InvoiceFault.Cut, 4000),
            nameof(FloodKind.NoUsage) => new Order(InvoiceFault.NoUsage, 4000),

            // A model that is left stops, with less than it was expected to say.
            nameof(FloodKind.LeavePlain) => new Order(InvoiceFault.Hang, 800),
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

    private async Task WorkAsync(Flood flood, int worker, Func<IReadOnlyList<Client>> gateways)
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
                var status = await CallAsync(flood, open[(worker + i) % open.Count]);
                calls += status == HttpStatusCode.ServiceUnavailable ? 0 : 1;
                if (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.PaymentRequired)
                {
                    await Task.Delay(Pause);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TaskCanceledException)
            {
                // The gateway is gone, or the stream was cut; neither is the client's to pay.
            }
        }
    }

    private async Task<HttpStatusCode> CallAsync(Flood flood, Client client)
    {
        var kind = flood.Kind;
        var call = Interlocked.Increment(ref _calls);
        _floods[call] = flood;
        var stream = kind is FloodKind.Stream or FloodKind.Cut or FloodKind.LeaveStream || (kind == FloodKind.Reroute && call % 2 == 0);
        using var leaving = new CancellationTokenSource();
        var sending = client.StreamAsync(Body(kind, call, stream), leaving.Token);
        if (kind == FloodKind.LeavePlain && await Task.WhenAny(sending, _upstream.ArrivedAsync(call)) != sending)
        {
            Tally(flood, HttpStatusCode.OK);
            await leaving.CancelAsync();
            var left = await Record.ExceptionAsync(() => sending);
            Assert.True(left is OperationCanceledException or HttpRequestException or null, $"{left}");
            return HttpStatusCode.OK;
        }

        using var response = await sending;
        Tally(flood, response.StatusCode);
        var body = await response.Content.ReadAsStreamAsync(CancellationToken.None);
        if (kind == FloodKind.LeaveStream)
        {
            await body.ReadAtLeastAsync(new byte[64], 64, throwOnEndOfStream: false, CancellationToken.None);
            return response.StatusCode;
        }

        await body.CopyToAsync(Stream.Null, CancellationToken.None);
        return response.StatusCode;
    }

    private void Tally(Flood flood, HttpStatusCode status) => _statuses.AddOrUpdate((flood, status), 1, (_, count) => count + 1);
}
