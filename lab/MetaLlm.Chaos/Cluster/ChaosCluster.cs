using System.Globalization;
using System.Security.Cryptography;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Cluster;

/// <summary>A database, hosts on it, and the network between them.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>Name of the cluster that hosts form unless told otherwise.</summary>
    public const string DefaultClusterId = "metallm";

    private const int HttpPort = 8080;
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;

    private readonly ClusterOptions _options;
    private readonly ClusterNetwork _network;
    private readonly Janitor _janitor;
    private readonly List<Machine> _machines = [];
    private readonly List<ChaosHost> _hosts = [];
    private readonly List<WallClock> _clocks = [];
    private readonly List<(int Silo, int Gateway)> _ports = [];
    private string? _clockLibrary;

    private ChaosCluster(ClusterOptions options, ClusterNetwork network, Janitor janitor, string directory)
    {
        _options = options;
        _network = network;
        _janitor = janitor;
        Directory = directory;
    }

    /// <summary>Where logs and configurations lie.</summary>
    public string Directory { get; }

    /// <summary>Key to the hosts' metrics.</summary>
    public string MetricsKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Key that manages tenants.</summary>
    public string AdminKey { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>The database.</summary>
    public DatabaseServer Database { get; private set; } = null!;

    /// <summary>The network.</summary>
    public ClusterNetwork Network => _network;

    /// <summary>The hosts, by number.</summary>
    public IReadOnlyList<ChaosHost> Hosts => _hosts;

    /// <summary>The hosts' clocks, by number; empty where they cannot be set.</summary>
    public IReadOnlyList<WallClock> Clocks => _clocks;

    /// <summary>Starts the database and plans the hosts; no host runs yet, and the database has no schema.</summary>
    public static async Task<ChaosCluster> CreateAsync(ClusterOptions options)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("metallm-chaos-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The database runs as another user, whose way to its directory leads through this one.
            File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var network = await ClusterNetwork.CreateAsync();
        var cluster = new ChaosCluster(options, network, new Janitor(directory, network.Prefix, options.KeepFiles), directory);
        try
        {
            cluster.Database = await DatabaseServer.StartAsync(await network.AddAsync(), directory);
            cluster._clockLibrary = options.Clocks && WallClock.Unavailable is null ? await WallClock.CompileAsync(directory) : null;
            for (var i = 0; i < options.Hosts; i++)
            {
                await cluster.AddHostAsync(i);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the database to the schema of a build.</summary>
    /// <param name="program">The build.</param>
    public async Task MigrateAsync(string program)
    {
        string[] command = [.. Database.Machine.Within, program, "migrate", "--connection-env", HostConfiguration.DatabaseVariable];
        await Shell.RunAsync("env", [$"{HostConfiguration.DatabaseVariable}={Database.ConnectionString}", .. command]);
    }

    /// <summary>Starts the hosts one after another.</summary>
    /// <param name="balancer">What tells when one is ready.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">One does not become ready.</exception>
    public async Task StartAsync(LoadBalancer balancer, CancellationToken cancellationToken)
    {
        foreach (var host in _hosts)
        {
            await host.StartAsync();
            await balancer.UpAsync(host.Number + 1, cancellationToken);
        }
    }

    /// <summary>How a host runs a build.</summary>
    /// <param name="host">Number of the host.</param>
    /// <param name="program">The build.</param>
    /// <param name="clusterId">The cluster that it joins.</param>
    public async Task<HostPlan> PlanAsync(int host, string program, string clusterId = DefaultClusterId)
    {
        var (silo, gateway) = _ports[host];
        var name = $"host-{host.ToString(CultureInfo.InvariantCulture)}-{clusterId}.json";
        var file = Path.Combine(Directory, name);
        var address = _machines[host].Address;
        await File.WriteAllTextAsync(file, HostConfiguration.Create(address, silo, gateway, clusterId, _options.Tenants).ToJsonString());
        var environment = Enumerable.Range(0, _options.Tenants).ToDictionary(TenantKeys.Variable, TenantKeys.Key);
        environment[HostConfiguration.DatabaseVariable] = Database.ConnectionString;
        environment[HostConfiguration.MetricsVariable] = MetricsKey;
        environment[HostConfiguration.AdminVariable] = AdminKey;
        foreach (var (variable, value) in _clocks.Count > host ? _clocks[host].Environment : [])
        {
            environment[variable] = value;
        }

        return new HostPlan(program, file, environment);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _janitor.DisposeAsync();
    }

    private async Task AddHostAsync(int number)
    {
        var machine = await _network.AddAsync();
        _machines.Add(machine);
        var (http, silo, gateway) = machine.Within.Count > 0 ? (HttpPort, SiloPort, GatewayPort) : FreePorts.Find(3) is [var a, var b, var c] ? (a, b, c) : default;
        _ports.Add((silo, gateway));
        if (_clockLibrary is not null)
        {
            _clocks.Add(new WallClock(_clockLibrary, Path.Combine(Directory, $"clock-{number.ToString(CultureInfo.InvariantCulture)}")));
        }

        var address = new Uri($"http://{machine.Address}:{http.ToString(CultureInfo.InvariantCulture)}");
        var log = Path.Combine(Directory, $"host-{number.ToString(CultureInfo.InvariantCulture)}.log");
        _hosts.Add(new ChaosHost(number, machine, address, silo, await PlanAsync(number, _options.Program), log));
    }
}
