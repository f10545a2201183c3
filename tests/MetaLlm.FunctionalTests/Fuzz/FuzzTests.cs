using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Guardrails;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace MetaLlm.FunctionalTests.Fuzz;

/// <summary>Whatever comes over the wire: no answer says that the gateway failed, no other tenant notices, and memory stays.</summary>
/// <remarks>METALLM_FUZZ_REQUESTS makes the run longer, METALLM_FUZZ_SEED makes it another one.</remarks>
[Collection(Alone.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long MostGrowth = 48 * 1024 * 1024;

    [Fact]
    public async Task No_request_makes_the_gateway_fail()
    {
        var requests = Setting("METALLM_FUZZ_REQUESTS", 20_000);
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        configuration["MetaLlm"]!["guardrails"] = new JsonObject { ["same"] = new JsonObject { ["kind"] = "service", ["timeoutSeconds"] = 60 } };
        var alpha = TestConfiguration.TenantAt(configuration, 0);
        alpha["guardrails"] = new JsonObject { ["request"] = new JsonArray("same"), ["answer"] = new JsonArray("same") };
        alpha["requestLog"] = new JsonObject { ["enabled"] = true };
        using var errors = new ErrorLog();
        await using var gateway = await RunningGateway.StartAsync(configuration, log: errors, services: services => services.AddKeyedSingleton<IGuardrail, SameWords>("same"));
        var guarded = (await gateway.Beta.ChatAsync("Guard me.")).Ok();
        (await gateway.Beta.PostAsync("/v1/feedback", new { decision_id = guarded.DecisionId, reward = 1 })).Ok();
        var before = (await gateway.Beta.GetAsync("/v1/policy")).Ok().Text;

        var run = new FuzzRun(gateway.Address.Port, Setting("METALLM_FUZZ_SEED", 20_260_301));
        await run.SendAsync(requests / 2);
        var half = GC.GetTotalMemory(forceFullCollection: true);
        await run.SendAsync(requests - (requests / 2));
        var whole = GC.GetTotalMemory(forceFullCollection: true);

        foreach (var (signature, count) in run.Signatures.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{count,8} {signature}");
        }

        output.WriteLine($"{requests} requests, {run.Signatures.Count} kinds of answers; live memory {half >> 20} MB at half time, {whole >> 20} MB at the end");
        Assert.True(run.Failures.IsEmpty, string.Join("\n\n", run.Failures.Take(20)));
        Assert.True(errors.Messages.Count == 0, string.Join("\n\n", errors.Messages.Take(20)));
        Assert.Equal(before, (await gateway.Beta.GetAsync("/v1/policy")).Ok().Text);
        Assert.InRange(whole - half, long.MinValue, MostGrowth);
        Assert.InRange(run.Signatures.Count, 60, int.MaxValue);

        // It still serves, and has learned nothing that it cannot report.
        (await gateway.Alpha.ChatAsync("And now?", "sim-nano")).Ok();
        (await gateway.Alpha.GetAsync("/v1/policy")).Ok();
        (await gateway.Nobody.GetAsync("/health/ready")).Ok();
    }

    /// <summary>Gives each text for itself, so that requests and answers are written anew.</summary>
    private sealed class SameWords : IGuardrail
    {
        public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) =>
            new(GuardrailVerdict.Replace([.. content.Texts.Select(text => text.Text)]));
    }

    private static int Setting(string variable, int standard) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
