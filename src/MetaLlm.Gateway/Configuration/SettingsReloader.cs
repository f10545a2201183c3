using System.Threading.Channels;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// Sets every tenant up before the gateway listens, and again when the configuration changes. A configuration with errors changes nothing.
/// </summary>
internal sealed partial class SettingsReloader(
    IConfiguration configuration, SettingsContext context, SettingsStore store, ITenantEngine engine, ILogger<SettingsReloader> logger)
    : IHostedService, IDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private IDisposable? _subscription;
    private Task _watching = Task.CompletedTask;

    // The web server is the last to start, so that no request meets a tenant that is not set up.
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ConfigureAsync(store.Current, cancellationToken).ConfigureAwait(false);
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, () => _changes.Writer.TryWrite(true));
        _watching = WatchAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await ReloadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var old = store.Current;
            var settings = SettingsReader.Read(configuration, context with { Running = true });
            NameWhatNeedsARestart(old, settings);
            settings = settings with
            {
                Listen = old.Listen,
                Engine = old.Engine,
                Role = old.Role,
                Cluster = old.Cluster,
                Storage = old.Storage,
                Embeddings = old.Embeddings,
                Routing = old.Routing,
                TraceUpstreams = old.TraceUpstreams,
            };
            await ConfigureAsync(settings, cancellationToken).ConfigureAwait(false);
            store.Replace(settings);
            LogReloaded(logger, settings.Tenants.Count, settings.Tenants.Values.Sum(t => t.Targets.Count));
        }
        catch (SettingsException e)
        {
            LogRefused(logger, e.Message);
        }
#pragma warning disable CA1031 // A reload that fails must not end the watch: the next change may be the cure.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(logger, e);
        }
    }

    private async Task ConfigureAsync(MetaLlmSettings settings, CancellationToken cancellationToken)
    {
        foreach (var tenant in settings.Tenants.Values)
        {
            await engine.ConfigureAsync(tenant.Id, tenant.Configuration, cancellationToken).ConfigureAwait(false);
            LogConfigured(logger, tenant.Id, tenant.Configuration.Policy, tenant.Configuration.Arms.Count);
        }
    }

    private void NameWhatNeedsARestart(MetaLlmSettings old, MetaLlmSettings changed)
    {
        var fields = new List<string>(8);
        AddIf(!old.Listen.SequenceEqual(changed.Listen), "listen");
        AddIf(old.Engine != changed.Engine, "engine");
        AddIf(old.Role != changed.Role, "role");
        AddIf(old.Cluster != changed.Cluster, "cluster");
        AddIf(old.Storage != changed.Storage, "storage");
        AddIf(old.Embeddings != changed.Embeddings, "embeddings");
        AddIf(old.Routing != changed.Routing, "routing");
        AddIf(old.TraceUpstreams != changed.TraceUpstreams, "tracing");
        if (fields.Count > 0)
        {
            LogNeedsRestart(logger, string.Join(", ", fields));
        }

        void AddIf(bool differs, string field)
        {
            if (differs)
            {
                fields.Add(field);
            }
        }
    }
}
