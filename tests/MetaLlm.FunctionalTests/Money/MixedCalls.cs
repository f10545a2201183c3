using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Money;

/// <summary>Calls of every form, and an upstream that fails a fifth of them in every way; both follow from a seed.</summary>
internal static class MixedCalls
{
    private static readonly (InvoiceFault Fault, int Weight)[] Faults =
    [
        (InvoiceFault.ServerError, 20), (InvoiceFault.RateLimited, 20), (InvoiceFault.TooLong, 15), (InvoiceFault.NoTemperature, 15),
        (InvoiceFault.NoUsage, 15), (InvoiceFault.ZeroUsage, 15), (InvoiceFault.Reset, 15), (InvoiceFault.Hang, 2), (InvoiceFault.Cut, 20),
        (InvoiceFault.BadJson, 20), (InvoiceFault.ErrorBesideChoices, 20), (InvoiceFault.RoleThenError, 20),
    ];

    /// <summary>The body of a call.</summary>
    /// <param name="call">Its number.</param>
    /// <param name="arms">The arms that some calls are pinned to.</param>
    /// <param name="stream">Whether it is streamed.</param>
    public static Dictionary<string, object> Body(int call, IReadOnlyList<string> arms, out bool stream)
    {
        var random = new Random(call);
        stream = random.Next(2) == 0;
        var text = string.Concat(Enumerable.Repeat("please tell more of it ", random.Next(1, 20)));
        var body = new Dictionary<string, object>
        {
            ["model"] = random.Next(4) == 0 ? arms[random.Next(arms.Count)] : "auto",
            ["stream"] = stream,
            ["messages"] = new[] { new { role = "user", content = InvoicingUpstream.Prompt(call, text) } },
        };
        if (random.Next(5) == 0)
        {
            body["n"] = random.Next(2, 4);
        }

        if (random.Next(6) == 0)
        {
            body["tools"] = new[] { new { type = "function", function = new { name = "f", description = "Does something.", parameters = new { type = "object" } } } };
        }

        if (random.Next(3) == 0)
        {
            body["max_tokens"] = 200;
        }

        if (random.Next(4) == 0)
        {
            body["temperature"] = 0.2;
        }

        return body;
    }

    /// <summary>What the upstream does to a call: four fifths are answered well, some of them with a price or a count of the upstream's own kind.</summary>
    public static Order Plan(UpstreamCall call, int number)
    {
        var random = new Random((number * 7919) + call.Model.Sum(c => c));
        var tokens = random.Next(40, 80);
        if (random.Next(5) != 0)
        {
            var told = random.Next(10) switch { 0 => InvoiceFault.OwnCost, 1 => InvoiceFault.ReasoningOutside, _ => InvoiceFault.None };
            return new Order(told, tokens, random.Next(3) == 0 && told == InvoiceFault.None ? 0.5 : 0);
        }

        var drawn = random.Next(Faults.Sum(fault => fault.Weight));
        foreach (var (fault, weight) in Faults)
        {
            if ((drawn -= weight) < 0)
            {
                return new Order(fault, tokens);
            }
        }

        throw new InvalidOperationException("The draw passed all weights.");
    }
}
