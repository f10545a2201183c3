using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.Engine.Tenants;

/// <summary>A tenant's state on its way out of snapshot and journal. No caller ends it: whoever gives up finds it further on at the next call.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer that nobody links to holds nothing to release.")]
internal sealed class TenantRebuild
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<RecoveredTenant> _running;
    private volatile bool _long;

    public TenantRebuild(string tenant, TenantRuntimeServices services) =>
        _running = Task.Run(() => new TenantRecovery(tenant, services).RecoverAsync(_stop.Token).AsTask(), CancellationToken.None);

    /// <summary>What it has come to, once it has ended.</summary>
    public Task<RecoveredTenant> Outcome => _running;

    /// <summary>Waits until it has ended, for the time that is left of the patience; whoever comes after that does not wait.</summary>
    /// <returns>Whether it has ended.</returns>
    public async ValueTask<bool> EndsSoonAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_running.IsCompleted || _long)
        {
            return _running.IsCompleted;
        }

        await Task.WhenAny(_running, Task.Delay(patience, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        _long = !_running.IsCompleted;
        return !_long;
    }

    /// <summary>Ends it with what it has.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
