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
    private const string JudgedVariable = "METALLM_DEMO_JUDGED_KEY";

    private static readonly string[] AnyFreePort = ["http://127.0.0.1:0"];
    private static readonly string[] Keys = [KeyVariable];
    private static readonly string[] JudgedKeys = [JudgedVariable];

    private readonly MetaLlmHost _host;
    private readonly DirectoryInfo _folder;

    private DemoStack(MetaLlmHost host, DirectoryInfo folder, string apiKey, string judgedKey)
    {
        _host = host;
        _folder = folder;
        ApiKey = apiKey;
        JudgedKey = judgedKey;
    }

    /// <summary>The gateway.</summary>
    public Uri Gateway => _host.Addresses.Single();

    /// <summary>The key of the demo's tenant, made up for this run.</summary>
    public string ApiKey { get; }

    /// <summary>The key of the tenant that gets no feedback, and has a judge.</summary>
    public string JudgedKey { get; }

    /// <summary>The outside world.</summary>
    public SimulatorServer Simulator => _host.Simulator!;

    /// <summary>Starts both; they accept connections when the task completes.</summary>
    public static async Task<DemoStack> StartAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("metallm-demo-");
        try
        {
            var apiKey = "demo-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var judgedKey = "judged-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var config = Path.Combine(folder.FullName, "demo.json");
            await File.WriteAllTextAsync(config, Configuration(options), cancellationToken);
            var host = await MetaLlmHost.BuildAsync(
                new MetaLlmHostOptions
                {
                    ConfigFile = config,
                    DataDirectory = folder.FullName,
                    AnySiloPorts = true,
                    Variable = name => name == KeyVariable ? apiKey : name == JudgedVariable ? judgedKey : null,
                    Logging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error).AddSimpleConsole(),
                },
                cancellationToken);
            await host.StartAsync(cancellationToken);
            return new DemoStack(host, folder, apiKey, judgedKey);
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
            tenants = new object[] { Tenant(options), JudgedTenant(options) },
        },
    });

    private static object Tenant(DemoOptions options) => new
    {
        id = "demo",
        keyEnvironments = Keys,
        seed = options.Seed,
        policy = "metallm-cold",
        budget = new { usdPerRequest = options.UsdPerRequest },
        arms = DefaultModels.All.Select(Arm),
    };

    /// <summary>The same tenant without feedback: a judge sees every answer until its purse is empty.</summary>
    private static object JudgedTenant(DemoOptions options) => new
    {
        id = "judged",
        keyEnvironments = JudgedKeys,
        seed = options.Seed,
        policy = "metallm-cold",
        budget = new { usdPerRequest = options.UsdPerRequest },
        arms = DefaultModels.All.Select(Arm).Append(new
        {
            id = SimulatedJudge.Prefix,
            upstream = "sim",
            enabled = false,
            inputUsdPerMillion = SimulatedJudge.Price.InputPerMillion,
            cachedInputUsdPerMillion = SimulatedJudge.Price.CachedInputPerMillion,
            outputUsdPerMillion = SimulatedJudge.Price.OutputPerMillion,
        }),
        judges = new
        {
            share = 1,
            usdPerDay = options.PurseUsd,
            list = new[] { new { id = "right", kind = "model", model = SimulatedJudge.Prefix, rubric = "The final answer has to be right.", maxOutputTokens = 32, trust = 0.9 } },
        },
    };

    private static object Arm(SimulatedModel model) => new
    {
        id = model.Name,
        upstream = "sim",
        inputUsdPerMillion = model.Price.InputPerMillion,
        cachedInputUsdPerMillion = model.Price.CachedInputPerMillion,
        outputUsdPerMillion = model.Price.OutputPerMillion,
    };
}
