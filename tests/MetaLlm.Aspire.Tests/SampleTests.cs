using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Aspire.Tests;

/// <summary>The sample for Aspire, with a database that runs already in place of a container.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly string Sample = Path.Combine(Repository.Root, "samples/AspireAppHost");
    private readonly TemporaryDirectory _configurations = new();

    public void Dispose() => _configurations.Dispose();

    [PostgresFact]
    public async Task A_silo_and_a_gateway_start_on_a_migrated_database_and_learn()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        using var limit = new CancellationTokenSource(Patience);
        Prepare();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AspireAppHost>(
            [$"--ConnectionStrings:metallm={database}", "--Parameters:demo-key=demo-key-0123456789", $"--configurations={_configurations.Path}"], limit.Token);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        await using (var application = await builder.BuildAsync(limit.Token))
        {
            await application.StartAsync(limit.Token);
            await application.ResourceNotifications.WaitForResourceHealthyAsync("gateway", limit.Token);
            using var http = application.CreateHttpClient("gateway", "http");
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "demo-key-0123456789");

            using var answer = await http.PostAsJsonAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = "Hello?" } } }, limit.Token);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(limit.Token));
            using var feedback = await http.PostAsJsonAsync("/v1/feedback", new { decision_id = answer.Headers.GetValues("x-metallm-decision-id").Single(), reward = 1 }, limit.Token);
            Assert.Equal(HttpStatusCode.OK, feedback.StatusCode);
            await Eventually.TrueAsync("the reward is learned", async () => (await http.GetFromJsonAsync<JsonElement>("/v1/policy", limit.Token)).GetProperty("rewards_applied").GetInt64() == 1);
            await application.StopAsync(limit.Token);
        }

        await server.DropDatabaseAsync(database);
    }

    /// <summary>The sample's own configurations, but for ports that are free here.</summary>
    private void Prepare()
    {
        foreach (var name in new[] { "silo.json", "gateway.json" })
        {
            var text = File.ReadAllText(Path.Combine(Sample, name));
            File.WriteAllText(_configurations.File(name), text
                .Replace("11111", FreePort(), StringComparison.Ordinal)
                .Replace("30000", FreePort(), StringComparison.Ordinal));
        }
    }

    private static string FreePort() => FreePorts.Find(1)[0].ToString(System.Globalization.CultureInfo.InvariantCulture);
}
