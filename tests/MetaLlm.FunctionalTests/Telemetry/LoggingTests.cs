using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.FunctionalTests.Durability;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Telemetry;

// Other hosts that take and leave ports meanwhile would be told of in the log.
[Collection(Alone.Name)]
public sealed partial class LoggingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-logging-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_start_is_told_in_a_few_lines_that_bear_the_time()
    {
        var log = await LogAsync(Configuration());
        Assert.All(log, line => Assert.Matches(Line(), line));
        Assert.InRange(log.Count, 1, 10);
        Assert.Contains(log, line => line.Contains("listens on http://127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Level_and_format_follow_the_environment_and_the_section_of_the_file()
    {
        var configuration = Configuration();
        configuration["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["MetaLlm.Host"] = "None", ["Orleans"] = "Information" } };
        var log = await LogAsync(configuration, ("Logging__Console__FormatterName", "json"), ("Logging__LogLevel__Orleans", "Warning"), ("Logging__LogLevel__MetaLlm.Engine", "Error"));
        var categories = log.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Category").GetString()!).ToList();
        Assert.Contains("MetaLlm.Gateway.Tenants.TenantSetups", categories);
        Assert.DoesNotContain(categories, c => c.StartsWith("MetaLlm.Host", StringComparison.Ordinal) || c.StartsWith("MetaLlm.Engine", StringComparison.Ordinal) || c.StartsWith("Orleans", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_level_that_does_not_exist_is_named()
    {
        var configuration = Configuration();
        configuration["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Orleans"] = "Loud" } };
        var (code, errors) = await HostProcess.RunToEndAsync("--config", await WriteAsync(configuration), "--data", _directory);
        Assert.Equal(2, code);
        Assert.Contains("Logging.LogLevel.Orleans is 'Loud'; it must be one of Trace, Debug,", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_an_application_of_its_own_orleans_lists_its_options_only_when_asked(bool asked)
    {
        using var log = new LogCollector();
        var ports = FreePorts.Find(2);
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders().AddProvider(log);
        if (asked)
        {
            builder.Configuration["Logging:LogLevel:Orleans.Runtime.SiloOptionsLogger"] = "Information";
        }

        builder.Services
            .AddMetaLlmProviders()
            .AddMetaLlmEmbeddings(o => (o.ModelDirectory, o.AllowHashingFallback) = ("no-model-so-that-words-are-hashed", true))
            .AddMetaLlmSqlite(o => o.Path = Path.Combine(_directory, "app.db"));
        builder.Host.UseOrleans(silo => silo
            .UseMetaLlmCluster(new OrleansClusterOptions { SiloPort = ports[0], GatewayPort = ports[1] })
            .AddMetaLlmSnapshots(SnapshotStorage.Memory)
            .AddMetaLlm());
        await using (var app = builder.Build())
        {
            await app.StartAsync();
            await app.StopAsync();
        }

        Assert.Contains(log.Entries, e => e.Category.StartsWith("Orleans", StringComparison.Ordinal));
        Assert.Equal(asked, log.Entries.Any(e => e.Category.Contains("Options", StringComparison.Ordinal) || e.Message.Contains("options", StringComparison.OrdinalIgnoreCase)));
    }

    private async Task<List<string>> LogAsync(JsonObject configuration, params (string Name, string Value)[] environment)
    {
        using var host = await HostProcess.StartAsync(
            environment.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal), "--config", await WriteAsync(configuration), "--data", _directory);

        // The policy is there when the tenant has been set up, and its line with it.
        (await host.With(TestConfiguration.AlphaKey).GetAsync("/v1/policy")).Ok();
        Assert.Equal(0, await host.StopAsync());
        return [.. (await host.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static JsonObject Configuration()
    {
        var ports = FreePorts.Find(2);
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["cluster"] = new JsonObject { ["siloPort"] = ports[0], ["gatewayPort"] = ports[1] };
        return configuration;
    }

    private async Task<string> WriteAsync(JsonObject configuration)
    {
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        return config;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z (info|warn): MetaLlm\.")]
    private static partial Regex Line();
}
