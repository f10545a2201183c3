using System.Net;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Simulator;
using MetaLlm.WebConsole.Reports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MetaLlm.Host;

/// <summary>A whole gateway in one process: configuration, engine, store, embedder, providers, endpoints, and the simulator where configured.</summary>
public sealed partial class MetaLlmHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConfigurationFile _file;

    private MetaLlmHost(WebApplication app, ConfigurationFile file, SimulatorServer? simulator)
    {
        _app = app;
        _file = file;
        Simulator = simulator;
    }

    /// <summary>The simulator behind an upstream of kind <c>simulator</c>; null when there is none.</summary>
    public SimulatorServer? Simulator { get; }

    /// <summary>The services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The settings in force.</summary>
    public HostSettings Settings => (HostSettings)Services.GetRequiredService<SettingsStore>().Current;

    /// <summary>Where it listens, with the port that was picked for 0; empty before the start.</summary>
    public IReadOnlyList<Uri> Addresses =>
        [.. Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a))];

    /// <summary>Builds a host; it does not listen yet, but a configured simulator does.</summary>
    /// <param name="options">What to build it from.</param>
    /// <param name="cancellationToken">Cancels the start of the simulator.</param>
    /// <returns>The host; dispose it.</returns>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static async Task<MetaLlmHost> BuildAsync(MetaLlmHostOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = ConfigurationFile.Open(options.ConfigFile);
        SimulatorServer? simulator = null;
        try
        {
            var context = new SettingsContext
            {
                Variable = options.Variable,
                Files = options.Files,
                Listen = options.Listen,
                DataDirectory = options.DataDirectory,
                SourceError = () => file.Error,
            };
            var settings = SettingsReader.Read<HostSettings>(file.Configuration, context);
            simulator = await StartSimulatorAsync(settings, options, cancellationToken);
            context = context with { SimulatorAddress = simulator is null ? null : new Uri(simulator.BaseAddress, "v1") };
            return new MetaLlmHost(BuildApp(settings, file.Configuration, context, options), file, simulator);
        }
        catch
        {
            file.Dispose();
            if (simulator is not null)
            {
                await simulator.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Sets up the tenants, then listens.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        LogListening(
            Services.GetRequiredService<ILogger<MetaLlmHost>>(),
            typeof(MetaLlmHost).Assembly.GetName().Version?.ToString(3),
            string.Join(", ", Addresses.Select(a => a.GetLeftPart(UriPartial.Authority))),
            Settings.Role.ToString().ToLowerInvariant(),
            Settings.Storage.ToString());
    }

    /// <summary>Stops listening, lets running calls end within <see cref="HostSettings.Drain"/>, and then saves what was learned.</summary>
    /// <param name="cancellationToken">Ends the wait for running calls.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await _app.StopAsync(CancellationToken.None);
    }

    /// <summary>Waits until the process is asked to stop, then stops.</summary>
    public async Task WaitForShutdownAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_app.Lifetime.ApplicationStopping.Register(asked.SetResult))
        {
            await asked.Task;
        }

        await StopAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _file.Dispose();
        if (Simulator is not null)
        {
            await Simulator.DisposeAsync();
        }
    }

    /// <summary>The silo runs on meanwhile, since running calls need it.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var lastWords = new CancellationTokenSource();
        var calls = Services.GetRequiredService<CallDrain>();
        await using var over = patience.Token.Register(() =>
        {
            LogCutOff(Services.GetRequiredService<ILogger<MetaLlmHost>>());
            lastWords.CancelAfter(ShutdownTimes.LastWords);
            calls.End();
        });
        patience.CancelAfter(Settings.Drain);
        var running = Services.GetServices<IDrain>().Select(work => work.DrainAsync(patience.Token));
        try
        {
            await Task.WhenAll([Services.GetRequiredService<IServer>().StopAsync(lastWords.Token), .. running]);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // What still runs for others is broken off when the silo stops.
        }
    }

    private static async Task<SimulatorServer?> StartSimulatorAsync(
        HostSettings settings, MetaLlmHostOptions options, CancellationToken cancellationToken)
    {
        if (settings.Upstreams.Values.FirstOrDefault(u => u.Kind == UpstreamKind.Simulator) is not { } configured)
        {
            return null;
        }

        var setup = new SimulatorOptions { Seed = configured.Seed ?? 1, TimeScale = configured.TimeScale ?? 1, ConfidenceAuc = configured.ConfidenceAuc ?? 0.85 };
        return await SimulatorServer.StartAsync(options.Simulator?.Invoke(setup) ?? setup, cancellationToken);
    }

    private static WebApplication BuildApp(
        HostSettings settings, IConfiguration configuration, SettingsContext context, MetaLlmHostOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        (options.Logging ?? (logging => HostLogging.Add(logging, configuration, settings.Tracing.Upstreams)))(builder.Logging);
        HostTelemetry.Add(builder, options.Variable);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, settings));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimes.Stop);
        var ports = options.AnySiloPorts ? FreePorts.Find(2) : null;
        var spans = HostTelemetry.ExportsTraces(builder.Configuration);
        var added = builder.AddMetaLlm<HostSettings>(configuration, context, read =>
        {
            read.Runtime.Silo.PropagateSpans = spans;
            if (ports is [var silo, var gateway])
            {
                (read.Cluster.Options.SiloPort, read.Cluster.Options.GatewayPort) = (silo, gateway);
            }
        });
        ReportWriter.Add(builder.Services);
        if (HasConsole(settings))
        {
            HostConsole.Add(added, settings.Console);
        }

        options.Services?.Invoke(builder.Services);
        var app = builder.Build();
        if (settings.HostsServed is { Count: > 0 } hosts)
        {
            app.UseMetaLlmHosts(hosts);
        }

        HostTelemetry.Use(app);
        if (settings.Role != NodeRole.Silo)
        {
            app.UseMetaLlmCors();
        }

        app.UseRouting();
        app.UseAuthorization();
        if (settings.Role == NodeRole.Silo)
        {
            app.MapMetaLlmHealth();
        }
        else
        {
            app.MapMetaLlm().MapMetaLlmReference().MapMetaLlmRoot();
            if (HasConsole(settings))
            {
                app.MapMetaLlmConsole();
            }
        }

        return app;
    }

    private static bool HasConsole(HostSettings settings) => settings.Console.Enabled && settings.Role != NodeRole.Silo;

    private static void Listen(KestrelServerOptions kestrel, HostSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = settings.Limits.Connections;
        foreach (var address in settings.Listen)
        {
            if (IPAddress.TryParse(address.DnsSafeHost, out var ip))
            {
                kestrel.Listen(ip, address.Port);
            }
            else
            {
                kestrel.ListenLocalhost(address.Port);
            }
        }
    }
}
