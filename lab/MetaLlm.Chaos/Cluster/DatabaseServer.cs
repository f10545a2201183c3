using System.Diagnostics;
using System.Globalization;
using MetaLlm.TestKit.Stores;
using Npgsql;

namespace MetaLlm.Chaos.Cluster;

/// <summary>The PostgreSQL server of the cluster, on a machine and, where this process may mount one, on a disk of its own.</summary>
internal sealed class DatabaseServer
{
    private const int MachinePort = 5432;
    private const int DiskMegabytes = 1536;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly PostgresInstallation _installation;
    private readonly string _directory;
    private readonly string _log;
    private readonly int _port;
    private Process? _process;

    private DatabaseServer(PostgresInstallation installation, Machine machine, string directory)
    {
        _installation = installation;
        Machine = machine;
        _directory = Path.Combine(directory, "database");
        _log = Path.Combine(directory, "postgres.log");
        _port = machine.Within.Count == 0 ? FreePorts.Find(1)[0] : MachinePort;
    }

    /// <summary>Why there is no server on this machine; null where there can be one.</summary>
    public static string? Unavailable => PostgresInstallation.Find(out var reason) is null ? reason : null;

    /// <summary>Where it runs.</summary>
    public Machine Machine { get; }

    /// <summary>Why its disk cannot be filled; null where it can.</summary>
    public string? WhyNoDisk { get; private set; }

    /// <summary>Connection string of the cluster's database.</summary>
    public string ConnectionString => Connection("metallm");

    private string DataDirectory => Path.Combine(_directory, "data");

    private string Filler => Path.Combine(_directory, "filler");

    /// <summary>Starts a server with an empty database.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="directory">Where the campaign keeps its files; others must be allowed to pass through it.</param>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL here, or it did not start.</exception>
    public static async Task<DatabaseServer> StartAsync(Machine machine, string directory)
    {
        var installation = PostgresInstallation.Find(out var reason) ?? throw new InvalidOperationException(reason);
        var server = new DatabaseServer(installation, machine, directory);
        await server.PrepareAsync();
        await server.StartAgainAsync();
        await server.ExecuteAsync("CREATE DATABASE metallm");
        return server;
    }

    /// <summary>Stops it: in order, or at once as in a crash.</summary>
    public async Task StopAsync(bool crash)
    {
        if (_process is { HasExited: false } process)
        {
            await Shell.RunAsync("kill", crash ? "-QUIT" : "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Starts it, unless it runs, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        var started = Stopwatch.StartNew();
        while (started.Elapsed < StartLimit)
        {
            if (_process is null or { HasExited: true })
            {
                _process?.Dispose();
                _process = StartProcess();
            }

            if (await AnswersAsync())
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"PostgreSQL did not start: {string.Join('\n', File.ReadLines(_log).TakeLast(20))}");
    }

    /// <summary>Leaves no room on its disk.</summary>
    public async Task FillDiskAsync()
    {
        await using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[1 << 20]; block.Length >= 4096;)
        {
            try
            {
                await file.WriteAsync(block);
            }
            catch (IOException)
            {
                // Full for blocks of this size; smaller ones may still find a place.
                block = new byte[block.Length / 4];
            }
        }
    }

    /// <summary>Makes room, and starts the server if it gave up, as a supervisor would.</summary>
    public async Task FreeDiskAsync()
    {
        File.Delete(Filler);
        await StartAgainAsync();
    }

    private async Task PrepareAsync()
    {
        Directory.CreateDirectory(_directory);
        var mounted = OperatingSystem.IsLinux() && Environment.UserName == "root"
            ? await Shell.TryAsync("mount", "-t", "tmpfs", "-o", $"size={DiskMegabytes}m", "metallm-chaos", _directory)
            : (ExitCode: 1, Output: "", Error: "a disk of its own needs Linux and root");
        WhyNoDisk = mounted.ExitCode == 0 ? null : mounted.Error.Trim();
        await PostgresInstallation.RunAsync("chown", _installation.User is null ? null : [_installation.User, _directory]);
        await _installation.RunAsUserAsync(
            "initdb", ["-D", DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]);
        if (Machine.Within.Count > 0)
        {
            // Nobody but the cluster's machines and this process has a way there.
            await File.AppendAllTextAsync(Path.Combine(DataDirectory, "pg_hba.conf"), "host all all 10.0.0.0/8 trust\n");
        }
    }

    private Process StartProcess() => _installation.StartAsUser(
        "postgres",
        [
            "-D", DataDirectory, "-c", $"listen_addresses={Machine.Address}", "-p", _port.ToString(CultureInfo.InvariantCulture),
            "-c", $"unix_socket_directories={_directory}", "-c", "max_connections=200", "-c", "max_wal_size=128MB", "-c", "logging_collector=off", "-c", "timezone=UTC",
        ],
        _log,
        Machine.Within);

    private string Connection(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = Machine.Address.ToString(),
        Port = _port,
        Database = database,
        Username = "postgres",
        Timeout = 5,

        // Negotiating it asks name servers, which machines of the campaign cannot reach.
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private Task ExecuteAsync(string sql) => PostgresStatement.RunAsync(Connection("postgres"), sql);

    private Task<bool> AnswersAsync() => PostgresStatement.AnswersAsync(Connection("postgres"));
}
