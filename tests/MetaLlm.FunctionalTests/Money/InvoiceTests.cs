using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;
using Xunit.Abstractions;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>
/// The gateway's ledger beside the invoice of its upstream. Where the upstream says what a request cost, by a count, a price or a status that costs
/// nothing, both amounts are the same. Where it cannot say, as in a time-out or a cut, the ledger has no less than the invoice.
/// </summary>
public sealed class InvoiceTests(ITestOutputHelper output)
{
    private const int Connections = 32;
    private const int Leaving = 300;
    private const string Tenant = "payer";

    private static readonly Dictionary<string, ModelPrice> Prices = new()
    {
        ["small"] = new(0.5m, 0.25m, 2m),
        ["middle"] = new(3m, 1.5m, 15m),
        ["large"] = new(10m, 10m, 40m),
    };

    private static readonly string[] Arms = [.. Prices.Keys];

    /// <summary>METALLM_INVOICE_CALLS asks for another number of calls.</summary>
    private static readonly int Calls = int.Parse(Environment.GetEnvironmentVariable("METALLM_INVOICE_CALLS") ?? "10000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Spend_equals_the_invoice_of_an_upstream_that_fails_a_fifth_of_its_calls()
    {
        await using var upstream = await InvoicingUpstream.StartAsync(Prices, MixedCalls.Plan);
        await using var gateway = await RunningGateway.StartAsync(Configuration(upstream), variable: UpstreamConfiguration.Variable);
        var client = gateway.With(UpstreamConfiguration.Key(Tenant));
        var decisions = new ConcurrentDictionary<int, string>();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (call, _) =>
        {
            var body = MixedCalls.Body(call, Arms, out var stream);
            var (status, decision) = await SendAsync(client, body, stream);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (decision is not null)
            {
                decisions[call] = decision;
            }
        });

        var spent = await SettledAsync(client);
        output.WriteLine($"{Calls} calls in {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s; {string.Join(", ", statuses.Select(s => $"{(int)s.Key}: {s.Value}"))}");
        var bills = upstream.Bills.GroupBy(bill => bill.Call).ToDictionary(group => group.Key, group => group.ToList());
        output.WriteLine($"Requests to the upstream: {string.Join(", ", upstream.Bills.CountBy(bill => bill.Fault).OrderBy(f => f.Key).Select(f => $"{f.Key} {f.Value}"))}");

        var known = bills.Where(call => call.Value.TrueForAll(bill => bill.IsKnown)).ToDictionary();
        var unknown = bills.Where(call => !known.ContainsKey(call.Key)).ToDictionary();
        Assert.True(known.Count > Calls / 2, "Too few calls have a known price to say anything.");
        Assert.All(bills.Keys, call => Assert.True(decisions.ContainsKey(call), $"Call {call} has a bill and no decision."));
        var booked = await BookedAsync(client, decisions, unknown.Keys);

        var expected = known.Sum(call => call.Value.Sum(bill => bill.Usd)) + booked.Values.Sum();
        output.WriteLine($"Invoice {upstream.Usd:F6} USD, spend {spent:F6} USD; of calls with a known price {expected - booked.Values.Sum():F6} USD.");

        // Nobody sees how much of a plain answer was generated that does not arrive. It is charged what was expected, which holds for many of them and not for each.
        var unseen = unknown.Where(call => !call.Value.TrueForAll(bill => bill.IsStream || bill.Fault is not (InvoiceFault.Cut or InvoiceFault.BadJson))).ToDictionary();
        var below = unknown.Where(call => !unseen.ContainsKey(call.Key) && booked[call.Key] < call.Value.Sum(bill => bill.Usd) - 1e-9m).ToList();
        var faults = Math.Abs(spent - expected) > 1e-6m
            ? $"The ledger says {spent}, the invoice {expected} USD.\n{await DifferencesAsync(client, decisions, known)}\n"
            : string.Empty;
        if (below.Count > 0)
        {
            faults += $"{below.Count} of {unknown.Count} calls without a known price are booked below their bill:\n{Show(below, booked)}\n";
        }

        var (expectedOfUnseen, billedOfUnseen) = (unseen.Keys.Sum(call => booked[call]), unseen.Values.Sum(call => call.Sum(bill => bill.Usd)));
        output.WriteLine($"{unseen.Count} plain answers that did not arrive: booked {expectedOfUnseen:F6}, billed {billedOfUnseen:F6} USD.");
        if (expectedOfUnseen < billedOfUnseen)
        {
            faults += $"{unseen.Count} plain answers that did not arrive are booked {expectedOfUnseen} USD and billed {billedOfUnseen} USD.";
        }

        Assert.True(faults.Length == 0, faults);
    }

    [Fact]
    public async Task Calls_whose_clients_leave_are_booked_at_no_less_than_the_invoice()
    {
        // It answers streams slowly enough to be left, and plain calls never.
        await using var upstream = await InvoicingUpstream.StartAsync(
            Prices, (call, number) => new Order(call.Stream ? InvoiceFault.None : InvoiceFault.Hang, call.Stream ? 64 : 100));
        await using var gateway = await RunningGateway.StartAsync(Configuration(upstream), variable: UpstreamConfiguration.Variable);
        var client = gateway.With(UpstreamConfiguration.Key(Tenant));
        await Parallel.ForAsync(0, Leaving, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (call, _) =>
        {
            var stream = call % 2 == 0;
            using var leaving = new CancellationTokenSource();
            var body = new { model = "auto", stream, messages = new[] { new { role = "user", content = InvoicingUpstream.Prompt(call, "leave") } } };
            var sending = client.StreamAsync(body, leaving.Token);
            await upstream.ArrivedAsync(call).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            if (stream)
            {
                using var response = await sending;
                Assert.True(await (await response.Content.ReadAsStreamAsync(CancellationToken.None)).ReadAsync(new byte[64], CancellationToken.None) > 0);
                return;
            }

            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        });

        await Eventually.TrueAsync("every call has its bill", () => upstream.Bills.Count >= Leaving);
        var spent = await SettledAsync(client);
        output.WriteLine($"Invoice {upstream.Usd:F6} USD, spend {spent:F6} USD.");
        Assert.True(spent >= upstream.Usd - 1e-9m, $"The ledger says {spent}, the invoice {upstream.Usd} USD.");
    }

    private static JsonObject Configuration(InvoicingUpstream upstream)
    {
        var configuration = UpstreamConfiguration.Create(("billing", upstream.Address));
        UpstreamConfiguration.AddTenant(configuration, Tenant, [.. Prices.Select(p => UpstreamConfiguration.Arm(p.Key, "billing", p.Value))]);
        return configuration;
    }

    private static async Task<(HttpStatusCode Status, string? Decision)> SendAsync(Client client, object body, bool stream)
    {
        using var response = await client.StreamAsync(body);
        try
        {
            await response.Content.ReadAsStringAsync();
        }
        catch (Exception e) when (stream && e is IOException or HttpRequestException)
        {
            // A stream that was cut may be closed in any way; what it cost is looked at below.
        }

        return (response.StatusCode, response.Headers.TryGetValues("x-metallm-decision-id", out var ids) ? ids.Single() : null);
    }

    private static async Task<decimal> SettledAsync(Client client)
    {
        var policy = await Eventually.ReadAsync(
            "nothing stays reserved",
            async () => (await client.GetAsync("/v1/policy")).Ok().Json,
            policy => policy.GetProperty("reserved_usd").GetDouble() == 0,
            policy => policy.GetProperty("reserved_usd").ToString());
        return policy.GetProperty("spend_usd").GetDecimal();
    }

    private static async Task<ConcurrentDictionary<int, decimal>> BookedAsync(Client client, IReadOnlyDictionary<int, string> decisions, IEnumerable<int> calls)
    {
        var booked = new ConcurrentDictionary<int, decimal>();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (call, _) =>
            booked[call] = Booked((await client.GetAsync($"/v1/decisions/{decisions[call]}")).Ok().Json));
        return booked;
    }

    /// <summary>What a decision cost: all its attempts, the one that ended the call included.</summary>
    private static decimal Booked(JsonElement decision) =>
        decision.TryGetProperty("attempts", out var attempts) && attempts.ValueKind == JsonValueKind.Array && attempts.GetArrayLength() > 0
            ? attempts.EnumerateArray().Sum(attempt => attempt.GetProperty("cost_usd").GetDecimal())
            : decision.GetProperty("settlement").GetProperty("cost_usd").GetDecimal();

    /// <summary>Looks up every call with a known price and tells those that differ, by what the upstream did.</summary>
    private static async Task<string> DifferencesAsync(Client client, IReadOnlyDictionary<int, string> decisions, Dictionary<int, List<Bill>> known)
    {
        var booked = await BookedAsync(client, decisions, known.Keys);
        return Show([.. known.Where(call => Math.Abs(booked[call.Key] - call.Value.Sum(bill => bill.Usd)) > 1e-9m)], booked);
    }

    private static string Show(IReadOnlyList<KeyValuePair<int, List<Bill>>> calls, ConcurrentDictionary<int, decimal> booked)
    {
        var kinds = calls.GroupBy(call => string.Join('+', call.Value.Select(bill => bill.Fault))).OrderByDescending(kind => kind.Count());
        return string.Join('\n', kinds.Take(20).Select(kind =>
            $"{kind.Count()} x {kind.Key}, such as call {kind.First().Key} ({(kind.First().Value[0].IsStream ? "streamed" : "plain")}): billed {kind.First().Value.Sum(bill => bill.Usd)}, booked {booked[kind.First().Key]} USD"));
    }
}
