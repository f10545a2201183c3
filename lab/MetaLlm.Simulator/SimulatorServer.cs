using MetaLlm.Simulator.Drift;
using MetaLlm.Simulator.Faults;
using MetaLlm.Simulator.Http;
using MetaLlm.Simulator.Stats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Simulator;

/// <summary>
/// A running OpenAI-compatible upstream whose models have known skill, price and speed. Reads no configuration but its
/// options, listens on loopback only, and stops when disposed, hung requests included.
/// </summary>
public sealed partial class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ILogger _logger;

    private SimulatorServer(WebApplication app, SimulatorState world, Uri baseAddress)
    {
        _app = app;
        _logger = world.Options.LoggerFactory.CreateLogger<SimulatorServer>();
        Catalog = world.Catalog;
        Truth = world.Truth;
        Models = world.Models;
        Faults = world.Faults;
        Drift = world.Drift;
        Stats = world.Stats;
        BaseAddress = baseAddress;
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:5123/</c>; the chat endpoint is <c>v1/chat/completions</c> below it.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The queries it can solve.</summary>
    public TaskCatalog Catalog { get; }

    /// <summary>What every model would answer to every query.</summary>
    public GroundTruth Truth { get; }

    /// <summary>The models as they are now.</summary>
    public ModelRegistry Models { get; }

    /// <summary>The faults in force.</summary>
    public FaultInjector Faults { get; }

    /// <summary>The changes to come.</summary>
    public DriftSchedule Drift { get; }

    /// <summary>What has been served.</summary>
    public SimulatorStats Stats { get; }

    /// <summary>Starts a simulator; it accepts connections when the task completes.</summary>
    /// <exception cref="OptionsValidationException">The options are unsound; the failures name every field, its value and its range.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (new SimulatorOptionsValidator().Validate(null, options) is { Failed: true } invalid)
        {
            throw new OptionsValidationException(nameof(SimulatorOptions), typeof(SimulatorOptions), invalid.Failures);
        }

        var world = new SimulatorState(options);
        var app = Build(world);
        try
        {
            await app.StartAsync(cancellationToken);
            var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
            var server = new SimulatorServer(app, world, new Uri(address));
            LogStarted(server._logger, server.BaseAddress, world.Models.All.Count, world.Catalog.Tasks.Count, options.Seed);
            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops accepting, lets go of hung requests, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        LogStopped(_logger, BaseAddress);
    }

    private static WebApplication Build(SimulatorState world)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(world.Options.Address, world.Options.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();

        // The web server would report every fault that was ordered as an error of its own.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);

        var app = builder.Build();
        app.Use(new BearerGate(world.Options.ApiKey).InvokeAsync);
        app.UseRouting();
        app.MapOpenAi(world);
        app.MapControl(world);
        app.MapFallback(context => ApiError.NotFound(context.Request.Method, context.Request.Path).WriteAsync(context));
        return app;
    }
}
