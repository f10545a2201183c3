using System.Security.Cryptography;
using System.Text.Json;
using MetaLlm.Host;
using MetaLlm.Simulator;
using MetaLlm.Simulator.Models;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Lab.Demo;

/// <summary>A simulator and a gateway on loopback, with a configuration and a database of their own.</summary>
internal sealed class DemoStack : IAsyncDisposable
{
    /// <summary>Environment variable in which the demo's configuration expects its key.</summary>
    private const string KeyVariable = "METALLM_DEMO_KEY";

    private static readonly string[] AnyFreePort = ["http://127.0.0.1:0"];
    private static readonly string[] Keys = [KeyVariable];

    private readonly MetaLlmHost _host;
    private readonly DirectoryInfo _folder;

    private DemoStack(MetaLlmHost host, DirectoryInfo folder, string apiKey)
    {
        _host = host;
        _folder = folder;
        ApiKey = apiKey;
    }

    /// <summary>The gateway.</summary>
    public Uri Gateway => _host.Addresses.Single();

    /// <summary>The key of the demo's tenant, made up for this run.</summary>
    public string ApiKey { get; }

    /// <summary>The outside world.</summary>
    public SimulatorServer Simulator => _host.Simulator!;

    /// <summary>Starts both; they accept connections when the task completes.</summary>
    public static async Task<DemoStack> StartAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("metallm-demo-");
        try
        {
            var apiKey = "demo-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var config = Path.Combine(folder.FullName, "demo.json");
            await File.WriteAllTextAsync(config, Configuration(options), cancellationToken);
            var host = await MetaLlmHost.BuildAsync(
                new MetaLlmHostOptions
                {
                    ConfigFile = config,
                    DataDirectory = folder.FullName,
                    AnySiloPorts = true,
                    Variable = name => name == KeyVariable ? apiKey : null,
                    Logging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error).AddSimpleConsole(),
                },
                cancellationToken);
            await host.StartAsync(cancellationToken);
            return new DemoStack(host, folder, apiKey);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Configuration(DemoOptions options) => JsonSerializer.Serialize(new
    {
        MetaLlm = new
        {
            listen = AnyFreePort,
            upstreams = new { sim = new { kind = "simulator", seed = options.Seed, timeScale = 0.01 } },
            tenants = new[]
            {
                new
                {
                    id = "demo",
                    keyEnvironments = Keys,
                    policy = "metallm-cold",
                    seed = options.Seed,
                    budget = new { usdPerRequest = options.UsdPerRequest },
                    arms = DefaultModels.All.Select(m => new
                    {
                        id = m.Name,
                        upstream = "sim",
                        inputUsdPerMillion = m.Price.InputPerMillion,
                        cachedInputUsdPerMillion = m.Price.CachedInputPerMillion,
                        outputUsdPerMillion = m.Price.OutputPerMillion,
                    }),
                },
            },
        },
    });
}
