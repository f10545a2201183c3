using System.Threading.Channels;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// Opens the gateway once all services have been started, the silo among them wherever it was added, and follows the configuration. A configuration with errors changes
/// nothing. Tenants are set up in the background, and before that when they are asked for: nothing waits for all of them.
/// </summary>
internal sealed partial class SettingsReloader(
    IConfiguration configuration,
    Func<MetaLlmSettings> read,
    SettingsStore store,
    TenantSetups setups,
    StartGate gate,
    ReloadStatus status,
    SecretFiles secrets,
    TimeProvider time,
    ILogger<SettingsReloader> logger)
    : IHostedLifecycleService, IDisposable
{
    private const int AtOnce = 4;

    /// <summary>A stop waits no longer for the owners of tenants that are being set up.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly QuietLog _quiet = new(time);
    private IDisposable? _subscription;
    private IDisposable? _secrets;
    private Task _watching = Task.CompletedTask;
    private Task _settingUp = Task.CompletedTask;
    private CancellationTokenSource? _newer;
    private string? _refused;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        gate.Open();
        store.Current.Price(time.GetUtcNow());
        SetUp(store.Current, status.Started);
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, () => _changes.Writer.TryWrite(true));
        _secrets = secrets.Watch(time, () => _changes.Writer.TryWrite(true));
        _watching = WatchAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _secrets?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.WaitAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAny(_settingUp, Task.Delay(LongestEnd, time, cancellationToken)).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _newer?.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                Reload();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Reload()
    {
        try
        {
            var settings = read();
            var kept = SettingsChanges.KeepUntilRestart(store.Current, settings, MetaLlmSettings.SectionName);
            settings.Price(time.GetUtcNow());
            setups.TakeOver(settings);
            store.Replace(settings);
            _refused = null;
            var outcome = kept.Count > 0 ? ReloadOutcome.NeedsRestart : ReloadOutcome.InForce;
            status.Reloaded(outcome);
            if (kept.Count > 0)
            {
                LogNeedsRestart(logger, string.Join(", ", kept));
            }
            else
            {
                LogReloaded(logger, settings.Tenants.Count, settings.Tenants.Values.Sum(t => t.Targets.Count));
            }

            SetUp(settings, refused =>
            {
                if (refused)
                {
                    status.Reloaded(ReloadOutcome.Refused);
                }
            });
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
        catch (Exception e)
#pragma warning restore CA1031
        {
            status.Reloaded(ReloadOutcome.Failed);
            LogFailed(logger, e);
        }
    }

    /// <summary>Sets the tenants of a configuration up, in the background, until a newer one comes.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="done">Is told whether some tenants keep their configuration of before.</param>
    private void SetUp(MetaLlmSettings settings, Action<bool> done)
    {
        _newer?.Cancel();
        _newer?.Dispose();
        _newer = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var (before, newer) = (_settingUp, _newer.Token);
        _settingUp = Task.Run(() => SetUpAsync(before, settings, done, newer), CancellationToken.None);
    }

    private async Task SetUpAsync(Task before, MetaLlmSettings settings, Action<bool> done, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TenantSettings[] tenants = [.. settings.Tenants.Values];
        try
        {
            await Parallel.ForEachAsync(
                tenants,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (tenant, token) => await SetUpAsync(tenant, token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var refused = tenants.Where(TenantSetups.IsRefused).Select(tenant => tenant.Id).ToList();
        done(refused.Count > 0);
        if (refused.Count > 0)
        {
            LogPartly(logger, string.Join(", ", refused));
        }
    }

    private async Task SetUpAsync(TenantSettings tenant, CancellationToken cancellationToken)
    {
        try
        {
            await setups.ReadyAsync(tenant, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException)
        {
            // It is set apart, which was told.
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The cluster goes once this service has stopped: an owner that is asked for after that finds no place.
            await tenant.Setup.Idle.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
#pragma warning disable CA1031 // The first request of the tenant tries again; the other tenants have nothing to do with it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            if (_quiet.MaySay(e.GetType(), out var unsaid))
            {
                LogNotSetUp(logger, e is EngineUnavailableException or FencedException ? null : e, tenant.Id, e.Message, unsaid);
            }
        }
    }
}
