using System.Diagnostics;
using System.Globalization;
using MetaLlm.Storage.Postgres;
using Npgsql;

namespace MetaLlm.TestKit.Stores;

/// <summary>A PostgreSQL server of the test's own: a temporary data directory, a free port on loopback, no password.</summary>
/// <remarks>
/// A shell waits beside the server for the end of this process, however it ends, and then stops the server and removes the directory.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> OneForAll = new(() => StartAsync());
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly PostgresInstallation _installation;
    private readonly string _directory;
    private readonly bool _flush;
    private readonly int _port = FreePorts.Find(1)[0];
    private readonly SemaphoreSlim _creating = new(1);
    private Process? _process;
    private Process? _janitor;
    private bool _hasTemplate;
    private int _databases;

    private PostgresServer(PostgresInstallation installation, bool flush)
    {
        _installation = installation;
        _flush = flush;
        _directory = Directory.CreateTempSubdirectory("metallm-postgres-").FullName;
    }

    /// <summary>Why tests cannot have a server on this machine; null when they can.</summary>
    public static string? Unavailable => PostgresInstallation.Find(out var reason) is null ? reason : null;

    private string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>The server that all tests of an assembly share; it ends with the process. It does not wait for the disk.</summary>
    public static Task<PostgresServer> SharedAsync() => OneForAll.Value;

    /// <summary>Starts a server.</summary>
    /// <param name="flush">Whether commits wait for the disk. Without, what a process that is killed has written still survives it.</param>
    /// <exception cref="InvalidOperationException">There is no PostgreSQL here, or it did not start; the message says why.</exception>
    public static async Task<PostgresServer> StartAsync(bool flush = false)
    {
        var installation = PostgresInstallation.Find(out var reason) ?? throw new InvalidOperationException(reason);
        var server = new PostgresServer(installation, flush);
        try
        {
            await PostgresInstallation.RunAsync("chown", installation.User is null ? null : [installation.User, server._directory]);
            server._janitor = server.StartJanitor();
            await installation.RunAsUserAsync(
                "initdb", ["-D", server.DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a database with the newest schema.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        // The migrator runs once; a copy of what it made is quicker than another run.
        await _creating.WaitAsync();
        try
        {
            if (!_hasTemplate)
            {
                await ExecuteAsync("CREATE DATABASE migrated");
                await PostgresMigrator.MigrateAsync(ConnectionString("migrated"));
                _hasTemplate = true;
            }

            return await CreateDatabaseAsync("migrated");
        }
        finally
        {
            _creating.Release();
        }
    }

    /// <summary>Creates a database without any schema.</summary>
    /// <returns>Its connection string.</returns>
    public Task<string> CreateEmptyDatabaseAsync() => CreateDatabaseAsync("template0");

    /// <summary>Drops a database, whoever is connected to it; one that is gone is none the worse.</summary>
    /// <param name="connectionString">What creating it returned.</param>
    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Stops the server: gives transactions up and shuts down in order, or drops everything at once as in a crash.</summary>
    /// <param name="immediate">Whether to crash; the next start then recovers from the log.</param>
    public Task StopAsync(bool immediate = false) => SignalAsync(immediate ? "QUIT" : "INT");

    /// <summary>Kills the server's main process without any warning; its children notice, and end.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Starts the server on the same data and the same port.</summary>
    public async Task StartAgainAsync()
    {
        // After a kill the children may hold the data for a moment longer; the server then refuses to start.
        var started = Stopwatch.StartNew();
        while (true)
        {
            var log = Path.Combine(_directory, "log");
            _process = _installation.StartAsUser(
                "postgres",
                [
                    "-D", DataDirectory, "-c", "listen_addresses=127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture),
                    "-c", $"unix_socket_directories={_directory}", "-c", $"fsync={(_flush ? "on" : "off")}", "-c", "max_connections=200",
                    "-c", "logging_collector=off", "-c", "timezone=UTC",
                ],
                log);
            while (!_process.HasExited && started.Elapsed < StartLimit)
            {
                if (await AnswersAsync())
                {
                    return;
                }

                await Task.Delay(50);
            }

            if (started.Elapsed >= StartLimit)
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {await File.ReadAllTextAsync(log)}");
            }

            await Task.Delay(100);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync(immediate: true);
        }

        if (_janitor is { } janitor)
        {
            janitor.StandardInput.Close();
            await janitor.WaitForExitAsync();
        }

        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task<string> CreateDatabaseAsync(string template)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return ConnectionString(name);
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Database = database,
        Username = "postgres",
        Timeout = 5,
    }.ConnectionString;

    private Task ExecuteAsync(string sql) => PostgresStatement.RunAsync(ConnectionString("postgres"), sql);

    private Task<bool> AnswersAsync() => PostgresStatement.AnswersAsync(ConnectionString("postgres"));

    private async Task SignalAsync(string signal)
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        await PostgresInstallation.RunAsync("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
    }

    private Process StartJanitor()
    {
        // The pipe to its input closes with this process. Nothing of the server outlives it then.
        const string Script = """
            read -r _
            pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
            if [ -n "$pid" ]; then kill -QUIT "$pid"; while kill -0 "$pid"; do sleep 0.1; done; fi
            rm -rf "$1"
            """;
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec >/dev/null 2>&1; {Script}", "sh", _directory]) { RedirectStandardInput = true })!;
    }
}
