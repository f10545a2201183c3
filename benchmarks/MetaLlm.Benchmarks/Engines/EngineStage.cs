using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>A silo in a host of its own, over an empty database that is flushed at every commit. Snapshots are in the silo's memory.</summary>
internal sealed class EngineStage : IAsyncDisposable
{
    /// <summary>Environment variable with the connection string of an empty, migrated PostgreSQL database; without it SQLite alone is measured.</summary>
    public const string PostgresVariable = "METALLM_BENCH_POSTGRES";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metallm-bench-");
    private readonly string _store;
    private readonly TenantShape _shape;
    private readonly Action<TenantRuntimeOptions> _tenants;
    private IHost _host = null!;

    private EngineStage(string store, TenantShape shape, Action<TenantRuntimeOptions>? tenants) =>
        (_store, _shape, _tenants) = (store, shape, tenants ?? (_ => { }));

    /// <summary>Databases that can be had.</summary>
    public static IReadOnlyList<string> Stores { get; } =
        Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } ? ["sqlite", "postgres"] : ["sqlite"];

    /// <summary>The engine.</summary>
    public ITenantEngine Engine => _host.Services.GetRequiredService<ITenantEngine>();

    /// <summary>Builds and starts a host.</summary>
    /// <param name="store">One of <see cref="Stores"/>.</param>
    /// <param name="shape">What its tenants are like.</param>
    /// <param name="tenants">Sets options of the tenants' runtimes.</param>
    public static async Task<EngineStage> StartAsync(string store, TenantShape shape, Action<TenantRuntimeOptions>? tenants = null)
    {
        var stage = new EngineStage(store, shape, tenants);
        await stage.StartAsync();
        return stage;
    }

    /// <summary>Stops the silo and starts another over the same database: no tenant is in memory, and there is no snapshot.</summary>
    public async Task StartAgainAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging()
            .AddKeyedSingleton<IEmbedder>(LocalServices.Key, new NoEmbedder(_shape.Embedding))
            .AddKeyedSingleton<IChatProvider>(LocalServices.Key, new NoProvider());
        if (_store == "sqlite")
        {
            builder.Services.AddMetaLlmSqlite(o => o.Path = Path.Combine(_folder.FullName, "bench.db"));
        }
        else
        {
            builder.Services.AddMetaLlmPostgres(o => o.ConnectionString = Environment.GetEnvironmentVariable(PostgresVariable)!);
        }

        var ports = FreePorts.Find(2);
        builder.UseOrleans(silo => silo
            .UseMetaLlmCluster(new OrleansClusterOptions { SiloPort = ports[0], GatewayPort = ports[1] })
            .AddMetaLlmSnapshots(SnapshotStorage.Memory)
            .AddMetaLlm(configureTenants: _tenants));
        _host = builder.Build();
        await _host.StartAsync();
    }

    private async Task StopAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
