using MetaLlm.Core.Arms;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class DeploymentSettingsTests
{
    [Fact]
    public void What_a_deployment_leaves_out_is_the_arms_and_what_that_leaves_out_the_upstreams()
    {
        var target = Read("""
            "headers":{"x-team":"arm","x-only":"arm"},
            "deployments":[
              {"name":"east","model":"m-east","weight":3,"apiKeyEnvironment":"EAST","headers":{"X-Team":"east"},"totalTimeoutSeconds":20,"inputUsdPerMillion":2,"outputUsdPerMillion":8},
              {"name":"west"}]
            """).Targets["a"];

        var (east, west) = (target.Deployments[0], target.Deployments[1]);
        Assert.Equal(("east", 3, "m-east", "EAST-value"), (east.Name, east.Weight, east.Target.Model, east.Target.Endpoint.ApiKey));
        Assert.Equal(("west", 1, "a", "UP_KEY-value"), (west.Name, west.Weight, west.Target.Model, west.Target.Endpoint.ApiKey));
        Assert.Equal([new("X-Team", "east"), new("x-only", "arm")], east.Target.Options.Headers);
        Assert.Equal([new("x-only", "arm"), new("x-team", "arm")], west.Target.Options.Headers.OrderBy(header => header.Key));
        Assert.Equal((20, 600), (east.Target.Endpoint.Timeouts.Total.TotalSeconds, west.Target.Endpoint.Timeouts.Total.TotalSeconds));
        Assert.Equal((TokenPrices.PerMillion(2, 8), TokenPrices.PerMillion(1.5, 6)), (east.Target.Prices, west.Target.Prices));
        Assert.Equal(2e-6 * 1.25, east.Target.Options.Prices!.CacheWrite, 12);
        Assert.DoesNotContain("EAST-value", target.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_are_expected_by_weight_and_set_aside_by_the_dearest()
    {
        var arm = Read("""
            "deployments":[{"name":"east","weight":3,"inputUsdPerMillion":3.5,"outputUsdPerMillion":10},{"name":"west"},{"name":"spare","weight":0,"inputUsdPerMillion":20,"outputUsdPerMillion":90}]
            """).Configuration.Arms[0];

        Assert.Equal((3e-6, 9e-6), (Math.Round(arm.Prices.Input, 12), Math.Round(arm.Prices.Output, 12)));
        Assert.Equal((25e-6, 90e-6), (Math.Round(arm.MostInputPrice, 12), Math.Round(arm.MostOutputPrice, 12)));
    }

    [Fact]
    public void Deployments_without_prices_of_their_own_change_nothing_that_a_policy_knows()
    {
        Assert.Equal(Read("""  "enabled":true """).Configuration.Arms[0], Read(""" "deployments":[{"name":"east"},{"name":"west"}] """).Configuration.Arms[0]);
    }

    [Fact]
    public void One_deployment_is_an_upstream_with_its_own_key()
    {
        var target = Read(""" "deployments":[{"apiKeyEnvironment":"EAST"}] """).Targets["a"];
        Assert.Empty(target.Deployments);
        Assert.Equal("EAST-value", target.Endpoint.ApiKey);
    }

    [Fact]
    public void Dated_prices_reach_the_deployments_that_have_none_of_their_own()
    {
        var tenant = Read("""
            "prices":[{"from":"2027-01-01","inputUsdPerMillion":3,"outputUsdPerMillion":12}],
            "deployments":[{"name":"east","inputUsdPerMillion":2,"outputUsdPerMillion":8},{"name":"west"}]
            """).At(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));

        var deployments = tenant.Targets["a"].Deployments;
        Assert.Equal((TokenPrices.PerMillion(2, 8), TokenPrices.PerMillion(3, 12)), (deployments[0].Target.Prices, deployments[1].Target.Prices));
        Assert.Equal(12e-6, deployments[1].Target.Options.Prices!.Output, 12);
        Assert.Equal((2.5e-6, 10e-6), (Math.Round(tenant.Configuration.Arms[0].Prices.Input, 12), Math.Round(tenant.Targets["a"].Prices.Output, 12)));
    }

    private static TenantSettings Read(string members) => SettingsReaderTests.Read(Mistakes.Make("\"id\":\"a\"", $"\"id\":\"a\",{members}")).Tenants["t"];
}
