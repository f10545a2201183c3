using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Aspire.Tests;

/// <summary>The sample for Aspire, with a database that runs already in place of a container, and an application that calls it.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [PostgresFact]
    public async Task A_router_and_a_silo_start_on_a_migrated_database_and_an_application_calls_them_and_teaches_them()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using var limit = new CancellationTokenSource(Patience);
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AspireAppHost>(
            [$"--ConnectionStrings:metallm={database}", "--Parameters:demo-key=demo-key-0123456789", "--Parameters:admin-key=admin-key-0123456789"], limit.Token);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        await using (var application = await builder.BuildAsync(limit.Token))
        {
            await application.StartAsync(limit.Token);
            await application.ResourceNotifications.WaitForResourceHealthyAsync("router", limit.Token);
            using var caller = Caller(await application.GetConnectionStringAsync("demo", limit.Token));

            var answer = await caller.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello?", cancellationToken: limit.Token);
            Assert.NotEmpty(answer.Text);
            using var http = caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient("demo");
            using var feedback = await http.PostAsJsonAsync("/v1/feedback", new { decision_id = answer.ResponseId, reward = 1 }, limit.Token);
            Assert.True(feedback.StatusCode == HttpStatusCode.OK, await feedback.Content.ReadAsStringAsync(limit.Token));
            await Eventually.TrueAsync("the reward is learned", async () => (await http.GetFromJsonAsync<JsonElement>("/v1/policy", limit.Token)).GetProperty("rewards_applied").GetInt64() == 1);
            var health = await caller.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(limit.Token);
            Assert.Equal(HealthStatus.Healthy, health.Entries["metallm-demo"].Status);
            await application.StopAsync(limit.Token);
        }

        await server.DropDatabaseAsync(database);
    }

    private static IHost Caller(string? connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:demo", connection)]);
        builder.AddMetaLlmClient("demo");
        return builder.Build();
    }
}
