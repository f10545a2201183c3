using System.Collections.Concurrent;
using MetaLlm.FunctionalTests.Upstreams;
using Xunit.Abstractions;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>The gateway's ledger beside the invoice of a Messages provider, with the prices of cache reads and writes.</summary>
public sealed class AnthropicInvoiceTests(ITestOutputHelper output)
{
    private const int Calls = 1500;
    private static readonly string[] Models = ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-6"];

    private static readonly InvoiceFault[] Faults =
    [
        InvoiceFault.ServerError, InvoiceFault.RateLimited, InvoiceFault.TooLong, InvoiceFault.NoTemperature, InvoiceFault.RoleThenError, InvoiceFault.Cut, InvoiceFault.Reset, InvoiceFault.NoUsage,
    ];

    [Fact]
    public async Task Spend_equals_the_invoice_where_it_can_be_known_and_is_no_less_elsewhere()
    {
        await using var gateway = await AnthropicGateway.StartAsync(Plan, Models);
        var decisions = new ConcurrentDictionary<int, string>();
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            using var response = await gateway.Client.StreamAsync(Body(number), CancellationToken.None);
            try
            {
                await response.Content.ReadAsStringAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // A stream that was cut may be closed in any way; what it cost is looked at below.
            }

            if (response.Headers.TryGetValues("x-metallm-decision-id", out var ids))
            {
                decisions[number] = ids.Single();
            }
        });
        await Eventually.ReadAsync("nothing stays reserved", async () => (await gateway.Client.GetAsync("/v1/policy")).Ok().Json, p => p.GetProperty("reserved_usd").GetDouble() == 0, p => p.ToString());

        var bills = gateway.Upstream.Bills.GroupBy(bill => bill.Call).ToDictionary(group => group.Key, group => group.ToList());
        var (known, wrong) = (0, new List<string>());
        foreach (var (number, bill) in bills)
        {
            var decision = (await gateway.Client.GetAsync($"/v1/decisions/{decisions[number]}")).Ok().Json;
            var booked = decision.TryGetProperty("attempts", out var attempts) && attempts.ValueKind == JsonValueKind.Array && attempts.GetArrayLength() > 0
                ? attempts.EnumerateArray().Sum(a => a.GetProperty("cost_usd").GetDecimal())
                : decision.GetProperty("settlement").GetProperty("cost_usd").GetDecimal();
            var (usd, isKnown) = (bill.Sum(b => b.Usd), bill.TrueForAll(b => b.IsKnown));
            known += isKnown ? 1 : 0;
            if (isKnown ? Math.Abs(booked - usd) > 1e-9m : booked < usd - 1e-9m && bill.TrueForAll(b => b.IsStream || b.IsKnown))
            {
                wrong.Add($"Call {number}: {string.Join('+', bill.Select(b => $"{b.Fault} {(b.IsStream ? "streamed" : "plain")}"))}: billed {usd}, booked {booked}");
            }
        }

        output.WriteLine($"{known} of {bills.Count} calls have a known price; invoice {gateway.Upstream.Bills.Sum(b => b.Usd):F6} USD.");
        Assert.True(known > Calls / 2);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong.Take(20))}");
    }

    private static Order Plan(AnthropicCall call)
    {
        var random = new Random(call.FirstText.Length + call.FirstText.Sum(c => c) + call.Model.Length);
        return new Order(random.Next(5) == 0 ? Faults[random.Next(Faults.Length)] : InvoiceFault.None, random.Next(20, 60));
    }

    private static Dictionary<string, object> Body(int number)
    {
        var random = new Random(number);
        var text = InvoicingUpstream.Prompt(number, string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "tell it again " : "tell of it ", random.Next(1, 30))));
        var body = new Dictionary<string, object> { ["model"] = random.Next(4) == 0 ? Models[random.Next(3)] : "auto", ["stream"] = random.Next(2) == 0 };
        body["messages"] = random.Next(2) == 0
            ? new object[] { new { role = "user", content = text } }
            : [new { role = "user", content = new object[] { new { type = "text", text, cache_control = new { type = "ephemeral" } } } }];
        if (random.Next(5) == 0)
        {
            body["tools"] = new[] { new { type = "function", function = new { name = "f" } } };
        }

        if (random.Next(4) == 0)
        {
            body["temperature"] = 0.2;
        }

        if (random.Next(4) == 0)
        {
            (body["reasoning_effort"], body["max_tokens"]) = ("medium", 4000);
        }

        return body;
    }
}
