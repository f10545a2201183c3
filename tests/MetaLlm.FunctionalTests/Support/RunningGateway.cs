using System.Text.Json.Nodes;
using MetaLlm.Host;
using MetaLlm.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>A whole gateway on a real port, with its simulator and a database in a directory of its own.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly MetaLlmHost _host;
    private readonly HttpClient _http;

    private RunningGateway(MetaLlmHost host, string directory)
    {
        _host = host;
        Directory = directory;

        // Without draining, disposing a response that was not read to its end closes the connection, as a client that leaves does.
        _http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0, ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = host.Addresses[0],
            Timeout = TimeSpan.FromSeconds(30),
        };
        Alpha = new Client(_http, TestConfiguration.AlphaKey);
        Beta = new Client(_http, TestConfiguration.BetaKey);
        Nobody = new Client(_http, null);
    }

    public string Directory { get; }

    public Uri Address => _http.BaseAddress!;

    public string ConfigFile => Path.Combine(Directory, "metallm.json");

    public Client Alpha { get; }

    public Client Beta { get; }

    public Client Nobody { get; }

    public SimulatorServer Simulator => _host.Simulator!;

    public IServiceProvider Services => _host.Services;

    public Client With(string key) => new(_http, key);

    public static async Task<RunningGateway> StartAsync(
        JsonObject? configuration = null,
        Func<SimulatorOptions, SimulatorOptions>? simulator = null,
        string? directory = null,
        Func<string, string?>? variable = null,
        ILoggerProvider? log = null,
        Action<IServiceCollection>? services = null)
    {
        directory ??= System.IO.Directory.CreateTempSubdirectory("metallm-").FullName;
        var file = Path.Combine(directory, "metallm.json");
        await File.WriteAllTextAsync(file, (configuration ?? TestConfiguration.Create()).ToJsonString());
        var host = await MetaLlmHost.BuildAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = file,
                DataDirectory = directory,
                AnySiloPorts = true,
                Variable = variable ?? TestConfiguration.Variable,
                Logging = logging => Log(logging, log),
                Services = services,
                Simulator = options => (simulator ?? (o => o))(options with { TasksPerType = 5 }),
            },
            CancellationToken.None);
        await host.StartAsync(CancellationToken.None);
        return new RunningGateway(host, directory);
    }

    /// <summary>Stops as a host is stopped, and keeps the directory for another start.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _http.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static void Log(ILoggingBuilder logging, ILoggerProvider? log)
    {
        if (log is null)
        {
            logging.SetMinimumLevel(LogLevel.None);
        }
        else
        {
            logging.AddProvider(log);
        }
    }
}
