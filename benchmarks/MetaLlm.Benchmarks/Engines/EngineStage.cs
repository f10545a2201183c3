using MetaLlm.Engine.InProcess;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>An engine in a host of its own, over an empty database that is flushed at every commit.</summary>
internal sealed partial class EngineStage : IAsyncDisposable
{
    /// <summary>Environment variable with the connection string of an empty, migrated PostgreSQL database; without it SQLite alone is measured.</summary>
    public const string PostgresVariable = "METALLM_BENCH_POSTGRES";

    private readonly IHost _host;
    private readonly DirectoryInfo _folder;

    private EngineStage(IHost host, DirectoryInfo folder)
    {
        _host = host;
        _folder = folder;
        Engine = host.Services.GetRequiredService<ITenantEngine>();
    }

    /// <summary>Engines that this build contains.</summary>
    public static IReadOnlyList<string> Engines { get; } = [.. Setups().Keys];

    /// <summary>Databases that can be had.</summary>
    public static IReadOnlyList<string> Stores { get; } =
        Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } ? ["sqlite", "postgres"] : ["sqlite"];

    /// <summary>The engine.</summary>
    public ITenantEngine Engine { get; }

    /// <summary>Builds and starts a host.</summary>
    /// <param name="engine">One of <see cref="Engines"/>.</param>
    /// <param name="store">One of <see cref="Stores"/>.</param>
    /// <param name="shape">What its tenants are like.</param>
    /// <param name="tenants">Sets options of the tenants' runtimes.</param>
    public static async Task<EngineStage> StartAsync(string engine, string store, TenantShape shape, Action<TenantRuntimeOptions>? tenants = null)
    {
        var folder = Directory.CreateTempSubdirectory("metallm-bench-");
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddSingleton<IEmbedder>(new NoEmbedder(shape.Embedding)).AddSingleton<IChatProvider>(new NoProvider());
        if (store == "sqlite")
        {
            builder.Services.AddMetaLlmSqlite(o => o.Path = Path.Combine(folder.FullName, "bench.db"));
        }
        else
        {
            builder.Services.AddMetaLlmPostgres(o => o.ConnectionString = Environment.GetEnvironmentVariable(PostgresVariable)!);
        }

        Setups()[engine](builder, tenants ?? (_ => { }));
        var host = builder.Build();
        await host.StartAsync();
        return new EngineStage(host, folder);
    }

    /// <summary>Another engine over the same database, as another process would have it.</summary>
    public InProcessTenantEngine StartPeer() => ActivatorUtilities.CreateInstance<InProcessTenantEngine>(
        _host.Services, ActivatorUtilities.CreateInstance<TenantRuntimeServices>(_host.Services),
        Microsoft.Extensions.Options.Options.Create(new InProcessEngineOptions()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Dictionary<string, Action<IHostApplicationBuilder, Action<TenantRuntimeOptions>>> Setups()
    {
        var setups = new Dictionary<string, Action<IHostApplicationBuilder, Action<TenantRuntimeOptions>>>(StringComparer.Ordinal)
        {
            ["in-process"] = (builder, tenants) => builder.Services.AddMetaLlmInProcessEngine(configureTenants: tenants),
        };
        AddOrleans(setups);
        return setups;
    }

    /// <summary>Has a body only where the build contains Orleans.</summary>
    static partial void AddOrleans(Dictionary<string, Action<IHostApplicationBuilder, Action<TenantRuntimeOptions>>> setups);
}
