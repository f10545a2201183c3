using System.Globalization;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>Host processes that keep everything in one PostgreSQL database.</summary>
/// <param name="database">Connection string of the database.</param>
/// <param name="tenants">How many tenants they serve.</param>
/// <param name="timeScale">How long simulated models take, in what such models would.</param>
/// <param name="configure">Changes the configuration of every process.</param>
/// <param name="variables">What their environment holds besides.</param>
internal sealed class HostCluster(
    string database, int tenants, double timeScale = 0, Action<JsonObject>? configure = null, IReadOnlyDictionary<string, string>? variables = null) : IDisposable
{
    private const string DatabaseVariable = "TEST_DATABASE";

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-cluster-").FullName;
    private readonly List<HostProcess> _hosts = [];
    private readonly List<int> _siloPorts = [];
    private int _files;

    public IReadOnlyList<string> Keys { get; } = [.. Enumerable.Range(0, tenants).Select(Key)];

    /// <summary>Ports of the silos, in the order of their start.</summary>
    public IReadOnlyList<int> SiloPorts => _siloPorts;

    /// <summary>Starts a process.</summary>
    /// <param name="role">What it does.</param>
    public async Task<HostProcess> StartAsync(string role = "all")
    {
        var (file, environment) = await ConfigureAsync(role);
        var host = await HostProcess.StartAsync(environment, "--config", file, "--listen", "http://127.0.0.1:0");
        _hosts.Add(host);
        return host;
    }

    /// <summary>Runs a command to its end, with the configuration that a process would have.</summary>
    public async Task<(int ExitCode, string Errors)> RunAsync(string command)
    {
        var (file, environment) = await ConfigureAsync("all");
        return await HostProcess.RunToEndAsync(environment, command, "--config", file);
    }

    private async Task<(string File, Dictionary<string, string> Environment)> ConfigureAsync(string role)
    {
        var configuration = TestConfiguration.Create(timeScale);
        var section = configuration["MetaLlm"]!.AsObject();
        section["upstreams"]!["sim"]!["firstByteTimeoutSeconds"] = 20;
        section["storage"] = new JsonObject { ["kind"] = "postgres", ["connectionEnvironment"] = DatabaseVariable };
        section["tenants"] = new JsonArray([.. Keys.Select((_, i) => TestConfiguration.Tenant($"tenant-{i}", Variable(i)))]);
        var ports = FreePorts.Find(2);
        _siloPorts.Add(ports[0]);
        section["role"] = role;
        section["cluster"] = new JsonObject { ["membership"] = "postgres", ["siloPort"] = ports[0], ["gatewayPort"] = ports[1] };

        configure?.Invoke(configuration);
        var file = Path.Combine(_directory, $"{++_files}.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
        var environment = Keys.Select((key, i) => KeyValuePair.Create(Variable(i), key)).ToDictionary();
        environment[DatabaseVariable] = database;
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return (file, environment);
    }

    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            host.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static string Key(int tenant) => $"cluster-key-of-tenant-{tenant.ToString(CultureInfo.InvariantCulture)}";

    private static string Variable(int tenant) => $"TEST_CLUSTER_KEY_{tenant.ToString(CultureInfo.InvariantCulture)}";
}
