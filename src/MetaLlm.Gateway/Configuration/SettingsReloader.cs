using System.Threading.Channels;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// Sets every tenant up once all services have been started, the silo among them wherever it was added; requests wait until then. Sets them up
/// again when the configuration changes. A configuration with errors changes nothing.
/// </summary>
internal sealed partial class SettingsReloader(
    IConfiguration configuration,
    Func<MetaLlmSettings> read,
    SettingsStore store,
    ITenantEngine engine,
    StartGate gate,
    ReloadStatus status,
    SecretFiles secrets,
    TimeProvider time,
    ILogger<SettingsReloader> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private IDisposable? _subscription;
    private IDisposable? _secrets;
    private Task _watching = Task.CompletedTask;
    private string? _refused;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var refused = await ConfigureAsync(store.Current, cancellationToken).ConfigureAwait(false);
        status.Started(refused.Count > 0);
        gate.Open();
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, () => _changes.Writer.TryWrite(true));
        _secrets = secrets.Watch(time, () => _changes.Writer.TryWrite(true));
        _watching = WatchAsync(_stopping.Token);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _secrets?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
            var settings = read();
            var kept = SettingsChanges.KeepUntilRestart(store.Current, settings, MetaLlmSettings.SectionName);
            var refused = await ConfigureAsync(settings, cancellationToken).ConfigureAwait(false);
            foreach (var tenant in refused.Select(store.Current.Tenants.GetValueOrDefault).OfType<TenantSettings>())
            {
                settings.Keep(tenant);
            }

            store.Replace(settings);
            _refused = null;
            status.Reloaded(refused.Count > 0 ? ReloadOutcome.Refused : kept.Count > 0 ? ReloadOutcome.NeedsRestart : ReloadOutcome.InForce);
            if (refused.Count > 0)
            {
                LogPartly(logger, string.Join(", ", refused));
            }

            if (kept.Count > 0)
            {
                LogNeedsRestart(logger, string.Join(", ", kept));
            }
            else if (refused.Count == 0)
            {
                LogReloaded(logger, settings.Tenants.Count, settings.Tenants.Values.Sum(t => t.Targets.Count));
            }
        }
        catch (SettingsException e)
        {
            status.Reloaded(ReloadOutcome.Refused);
            // One change of a file may be told several times.
            if (e.Message != _refused)
            {
                LogRefused(logger, _refused = e.Message);
            }
        }
#pragma warning disable CA1031 // A reload that fails must not end the watch: the next change may be the cure.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            status.Reloaded(ReloadOutcome.Failed);
            LogFailed(logger, e);
        }
    }

    /// <summary>Sets every tenant up.</summary>
    /// <returns>The tenants that keep their configuration, since their policies would forget what they have learned.</returns>
    private async Task<IReadOnlyList<string>> ConfigureAsync(MetaLlmSettings settings, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        foreach (var tenant in settings.Tenants.Values)
        {
            try
            {
                await engine.ConfigureAsync(tenant.Id, tenant.Configuration, tenant.PolicyRestart, cancellationToken).ConfigureAwait(false);
                LogConfigured(logger, tenant.Id, tenant.Configuration.Policy, tenant.Configuration.Arms.Count);
            }
            catch (PolicyRestartException e)
            {
                // It goes on as before; the others get what they are to have.
                LogKept(logger, e.Message);
                refused.Add(tenant.Id);
            }
            catch (InvalidDataException e)
            {
                // One tenant's damage is no other tenant's trouble. Its calls are refused until somebody has looked at what is stored.
                LogDamaged(logger, e, tenant.Id);
            }
        }

        return refused;
    }
}
