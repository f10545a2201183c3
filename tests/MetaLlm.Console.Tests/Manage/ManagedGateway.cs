using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.WebConsole.Tests.Manage;

/// <summary>The gateway of the tests as somebody sees it who manages tenants of the directory.</summary>
internal sealed class ManagedGateway(ConsoleGateway gateway)
{
    public const string AdminKey = ConsoleGateway.AdminKey;

    public Uri Address => gateway.Address;

    /// <summary>Makes a tenant with three models of the simulator.</summary>
    public async Task MakeTenantAsync(string id)
    {
        using var made = await gateway.SendAsync(HttpMethod.Post, "/admin/v1/tenants", AdminKey, new
        {
            id,
            budget = new { usdPerRequest = 0.0005 },
            arms = new[]
            {
                new { id = "sim-nano", upstream = "sim", inputUsdPerMillion = 0.05, outputUsdPerMillion = 0.2 },
                new { id = "sim-coder", upstream = "sim", inputUsdPerMillion = 0.3, outputUsdPerMillion = 1.2 },
                new { id = "sim-large", upstream = "sim", inputUsdPerMillion = 2.5, outputUsdPerMillion = 10.0 },
            },
        });
        Assert.True(made.StatusCode == HttpStatusCode.OK, await made.Content.ReadAsStringAsync());
    }

    /// <summary>The tenant's document and revision.</summary>
    public async Task<JsonObject> DocumentAsync(string tenant)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}", AdminKey);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Asks something as a client with a key.</summary>
    public async Task<HttpStatusCode> AskAsync(string key)
    {
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/v1/chat/completions", key, new { model = "auto", messages = new[] { new { role = "user", content = "Hello?" } } });
        return answer.StatusCode;
    }

    /// <summary>Makes a key that manages.</summary>
    public async Task<string> MakeAdminKeyAsync(string role) => (await gateway.MakeKeyAsync(role)).Text;

    public async Task<TenantReport> ReportAsync(string tenant) => await gateway.Host.Services.GetRequiredService<ITenantEngine>().DescribeAsync(tenant, default);
}
