using System.Globalization;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>
/// One gateway for many cases. Each case has a tenant and two models of its own: <c>a</c>, the cheaper one, which is chosen and does what the case says,
/// and <c>b</c>, which answers well.
/// </summary>
public sealed class HostileUpstreams : IAsyncLifetime
{
    private const int MostCases = 48;
    private RunningGateway? _gateway;
    private LoopbackUpstream? _upstream;
    private int _cases;

    internal RunningGateway Gateway => _gateway!;

    public async Task InitializeAsync()
    {
        _upstream = await LoopbackUpstream.StartAsync(Answers.WellAsync);
        var configuration = UpstreamConfiguration.Create(("first", _upstream.Address), ("second", _upstream.Address));
        for (var number = 0; number < MostCases; number++)
        {
            // Two tenants share the models of a case.
            foreach (var tenant in (string[])[Tenant(number), Neighbour(number)])
            {
                var a = UpstreamConfiguration.Arm("a", "first", new(1m, 1m, 10m), $"a-{number}");
                var b = UpstreamConfiguration.Arm("b", "second", new(2m, 2m, 20m), $"b-{number}");
                a["contextTokens"] = 8192;
                UpstreamConfiguration.AddTenant(configuration, tenant, a, b)["policy"] = "cheapest";
            }
        }

        UpstreamConfiguration.AddTenant(configuration, HostileCase.Capped, UpstreamConfiguration.Arm("a", "first", new(1m, 1m, 10m), "capped"))["budget"] =
            new System.Text.Json.Nodes.JsonObject { ["hardCapUsd"] = 0.05, ["hardCapWindowHours"] = 8784 };
        configuration["MetaLlm"]!["routing"]!["failureThreshold"] = 3;
        configuration["MetaLlm"]!["admin"] = new System.Text.Json.Nodes.JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        _gateway = await RunningGateway.StartAsync(configuration, variable: UpstreamConfiguration.Variable);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _upstream!.DisposeAsync();
    }

    /// <summary>A case whose first model does as told.</summary>
    internal HostileCase Case(Func<UpstreamCall, Task> answer)
    {
        var number = Interlocked.Increment(ref _cases) - 1;
        Assert.True(number < MostCases, "There are more cases than tenants for them.");
        _upstream!.On($"a-{number}", answer);
        return new HostileCase(Gateway, _upstream, number, Tenant(number), Neighbour(number));
    }

    private static string Tenant(int number) => string.Create(CultureInfo.InvariantCulture, $"case-{number}");

    private static string Neighbour(int number) => string.Create(CultureInfo.InvariantCulture, $"neighbour-{number}");
}
