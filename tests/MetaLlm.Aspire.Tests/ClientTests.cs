using MetaLlm.Aspire.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Aspire.Tests;

/// <summary>What an application gets of a connection string.</summary>
public sealed class ClientTests
{
    [Theory]
    [InlineData(null, "has no Endpoint, and code sets none")]
    [InlineData("Key=secret", "has no Endpoint, and code sets none")]
    [InlineData("secret", "has not the form 'Endpoint=http://…/v1;Key=…'")]
    [InlineData("Endpoint=router;Key=secret", "has the Endpoint 'router', which is no address of http or https")]
    public void A_connection_string_that_cannot_be_used_is_refused_by_name_and_without_its_key(string? text, string why)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Builder(text).AddMetaLlmClient("demo"));
        Assert.Equal($"The connection string 'demo' (ConnectionStrings:demo) {why}.", error.Message);
    }

    [Fact]
    public void Code_goes_before_the_connection_string()
    {
        MetaLlmClientSettings? seen = null;
        var builder = Builder("Endpoint=http://router/v1;Key=a=b");
        builder.AddMetaLlmClient("demo", settings => (seen = settings).DisableHealthChecks = true);
        using var host = builder.Build();
        Assert.Equal(("http://router/v1", "a=b"), (seen!.Endpoint!.ToString(), seen.Key));
        Assert.Null(host.Services.GetService<HealthCheckService>());
    }

    [Fact]
    public async Task A_router_that_cannot_be_reached_is_unhealthy()
    {
        // Nobody listens on port 1.
        var builder = Builder("Endpoint=http://127.0.0.1:1/v1;Key=key");
        builder.AddMetaLlmClient("demo");
        using var host = builder.Build();
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal((HealthStatus.Unhealthy, "The router cannot be reached."), (health.Entries["metallm-demo"].Status, health.Entries["metallm-demo"].Description));
    }

    private static HostApplicationBuilder Builder(string? connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:demo", connection)]);
        return builder;
    }
}
