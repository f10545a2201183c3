using System.Collections.Concurrent;
using MetaLlm.Engine.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Admission;

/// <summary>
/// The limits of tenants and keys at this node. Each allowance is held in one place of the cluster; this node takes slices of it and renews them each second.
/// </summary>
/// <remarks>Safe for concurrent use. Tenants and keys without limits do not come here.</remarks>
/// <param name="holder">Where allowances are held.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts.</param>
/// <param name="logger">A holder that is away.</param>
internal sealed partial class AdmissionControl(IAllowanceHolder holder, TimeProvider time, AdmissionMetrics metrics, ILogger<AdmissionControl> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, NodeAllowance> _scopes = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly QuietLog _quiet = new(time);
    private Task _renewing = Task.CompletedTask;

    /// <summary>Tenants and keys of which this node holds a part.</summary>
    public int Scopes => _scopes.Count;

    /// <summary>Opens a call; nothing is taken yet.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="key">Id of the key that the call came with, unique within the tenant; null where it has no limits of its own.</param>
    /// <param name="keyLimits">The key's limits.</param>
    /// <returns>The call; dispose it.</returns>
    public AdmittedCall Open(string tenant, AdmissionLimits limits, string? key, AdmissionLimits keyLimits)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(keyLimits);
        return new AdmittedCall(
            tenant,
            limits.IsUnlimited ? null : Scope(tenant, limits),
            // No id of a tenant has a slash.
            key is null || keyLimits.IsUnlimited ? null : Scope($"{tenant}/{key}", keyLimits),
            metrics,
            time);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _renewing = RenewAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Ends the renewals while the cluster can still be reached; calls that are being answered need none.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>Renews every slice once.</summary>
    internal async Task RenewAllAsync()
    {
        var renewals = new List<Task>();
        foreach (var (id, scope) in _scopes)
        {
            if (scope.Tick() is { } renewal)
            {
                renewals.Add(renewal);
            }
            else
            {
                _scopes.TryRemove(KeyValuePair.Create(id, scope));
            }
        }

        await Task.WhenAll(renewals).ConfigureAwait(false);
    }

    private NodeAllowance Scope(string id, AdmissionLimits limits)
    {
        while (true)
        {
            var scope = _scopes.GetOrAdd(id, static (key, control) => control.Create(key), this);
            if (scope.Touch(limits))
            {
                return scope;
            }

            _scopes.TryRemove(KeyValuePair.Create(id, scope));
        }
    }

    private NodeAllowance Create(string id) => new(id, _node, holder, time, error =>
    {
        metrics.HolderAway();
        if (_quiet.MaySay(error.GetType(), out var unsaid))
        {
            LogAway(logger, id, error.Message, unsaid);
        }
    });

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Period, time, cancellationToken).ConfigureAwait(false);
                try
                {
                    await RenewAllAsync().ConfigureAwait(false);
                }
#pragma warning disable CA1031 // One defect must not end the renewals of all.
                catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    LogFailed(logger, e);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    [LoggerMessage(1031, LogLevel.Warning, "The holder of allowance {Scope} cannot be reached; this node goes on with its part of the limits. {Reason} ({Unsaid} more since the last such line.)")]
    private static partial void LogAway(ILogger logger, string scope, string reason, int unsaid);

    [LoggerMessage(1032, LogLevel.Error, "Allowances could not be renewed; it is tried again in a second.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
