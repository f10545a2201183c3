using System.Collections.Concurrent;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// Settlements on their way to their tenants' owners. A client does not wait for the settlement of its call; whoever asks this process
/// what became of a decision waits for it here, and so does the process before it stops.
/// </summary>
/// <remarks>
/// <para>
/// Safe for concurrent use. What a decision has set aside stays set aside until its settlement is recorded, so nothing is ever counted as
/// free too early. A settlement that fails is repeated for as long as the process runs, which is safe since a decision is settled once. Who waits for
/// one that keeps failing is let go.
/// </para>
/// <para>
/// What is not recorded when the process stops, or finds no room in memory (<see cref="RoutingOptions.MostPendingSettlements"/>), is written to
/// <see cref="RoutingOptions.SettlementDirectory"/> and recorded later: in the next process, or in this one once there is room. Without a directory it
/// is lost; the decision then expires at the amount that was set aside for it.
/// </para>
/// </remarks>
public sealed partial class PendingSettlements : IHostedService, IDisposable
{
    /// <summary>After so many failures whoever waits is let go: it may take long.</summary>
    private const int FailuresToWaitFor = 4;

    private const int MostAnnounced = 256;
    private const int ResumedAtOnce = 16;
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(100), 4, TimeSpan.FromSeconds(30));
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(8);

    private readonly ITenantEngine _engine;
    private readonly RoutingMetrics _metrics;
    private readonly RoutingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly QuietLog _quiet;
    private readonly SpillFiles<SpilledSettlement>? _files;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly ConcurrentDictionary<(string Tenant, string DecisionId), Entry> _running = new();
    private readonly ConcurrentDictionary<(string Tenant, string DecisionId), TaskCompletionSource> _announced = new();
    private int _resuming;
    private volatile bool _onDisk;

    /// <summary>Creates the queue.</summary>
    /// <param name="engine">Where tenants live.</param>
    /// <param name="metrics">Meters.</param>
    /// <param name="options">How much waits in memory, and where the rest does.</param>
    /// <param name="time">Measures the pauses between attempts.</param>
    /// <param name="logger">Settlements that are late or lost; no prompt content.</param>
    public PendingSettlements(
        ITenantEngine engine, RoutingMetrics metrics, RoutingOptions options, TimeProvider time, ILogger<PendingSettlements> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_engine, _metrics, _options, _time, _logger) = (engine, metrics, options, time, logger);
        _quiet = new QuietLog(time);
        _stop = _stopping.Token;
        _files = (options.SettlementDirectory ?? options.StandardSettlementDirectory) is { } directory ? new SpillFiles<SpilledSettlement>(directory, "settlements", SpilledSettlementJson.Default.SpilledSettlement, SpilledSettlement.Complete) : null;
    }

    /// <summary>Settlements that are not recorded yet.</summary>
    public int Count => _running.Count;

    /// <summary>
    /// Waits until a decision's settlement, if one is on its way from this process, is recorded, lost, or delayed by an outage.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision.</param>
    /// <param name="cancellationToken">Cancels the wait alone.</param>
    public async Task WaitAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        if (_announced.TryGetValue((tenant, decisionId), out var announced))
        {
            await announced.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_running.TryGetValue((tenant, decisionId), out var running))
        {
            await running.Known.Passed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for all settlements of a tenant that are on their way from this process now, as long as no outage delays them.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Cancels the wait alone.</param>
    public Task WaitAsync(string tenant, CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Where(pair => pair.Key.Tenant == tenant).Select(pair => pair.Value.Known.Passed)).WaitAsync(cancellationToken);

    /// <summary>Begins to record what an earlier process has left on disk.</summary>
    /// <param name="cancellationToken">Not used.</param>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _onDisk = _files is not null;
        Resume();
        return Task.CompletedTask;
    }

    /// <summary>Waits for all settlements that are on their way, for some seconds, and writes to disk what is not recorded then.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StopPatience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while ((!_running.IsEmpty || !_announced.IsEmpty) && !_stop.IsCancellationRequested && !limit.IsCancellationRequested)
        {
            var all = Task.WhenAll([.. _announced.Values.Select(a => a.Task), .. _running.Values.Select(e => e.Ended.Passed)]);
            await all.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var entry in _running.Values)
        {
            await PutAsideAsync(entry).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _files?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Sends a settlement; its outcome is reported here alone.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="arm">The arm that served.</param>
    /// <param name="settlement">How the call ended.</param>
    /// <param name="elapsed">Time from the request to the end of its answer.</param>
    internal void Start(string tenant, string arm, Settlement settlement, TimeSpan elapsed)
    {
        var entry = new Entry(new SpilledSettlement(tenant, arm, settlement), elapsed, isOnDisk: false);
        _ = _running.Count < _options.MostPendingSettlements || _files is null ? RecordAsync(entry) : OverflowAsync(entry);
    }

    /// <summary>Announces that a decision is going to be settled within moments.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision.</param>
    /// <returns>To be disposed once its settlement is on its way; null when too many are announced.</returns>
    internal IDisposable? Announce(string tenant, string decisionId)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _announced.Count < MostAnnounced && _announced.TryAdd((tenant, decisionId), ended) ? new Announcement(this, (tenant, decisionId), ended) : null;
    }

    private static bool IsFinal(Exception error) => error is ArgumentException or UnknownTenantException;

    private async Task RecordAsync(Entry entry)
    {
        var (tenant, arm, settlement) = entry.Settlement;
        _running[entry.Key] = entry;
        using var activity = RoutingActivities.Settle(tenant, arm, settlement);
        try
        {
            if (await TryUntilRecordedAsync(entry).ConfigureAwait(false))
            {
                _metrics.Settled(tenant, arm, settlement, entry.Elapsed);
            }
            else
            {
                await PutAsideAsync(entry).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // The answer is on its way or with the client; the decision expires later and is charged what was set aside.
        catch (Exception error)
#pragma warning restore CA1031
        {
            activity.Failed(error);
            LogLost(error, tenant, settlement.DecisionId, settlement.Outcome, error.Message);
        }
        finally
        {
            Forget(entry);
        }

        if (_onDisk && _running.Count < _options.MostPendingSettlements / 2)
        {
            Resume();
        }
    }

    /// <returns>False when the process stops first.</returns>
    private async ValueTask<bool> TryUntilRecordedAsync(Entry entry)
    {
        var (tenant, _, settlement) = entry.Settlement;
        for (var failures = 1; ; failures++)
        {
            try
            {
                // Money is owed whether or not the client stays.
                await _engine.SettleAsync(tenant, settlement, CancellationToken.None).ConfigureAwait(false);
                return true;
            }
            catch (Exception error) when (!IsFinal(error))
            {
                if (_quiet.MaySay((tenant, error.GetType()), out var unsaid))
                {
                    LogRepeated(tenant, settlement.DecisionId, _running.Count, error.Message, unsaid);
                }
            }

            if (failures >= FailuresToWaitFor)
            {
                entry.Known.Pass();
            }

            await Task.Delay(Pauses.After(failures, Random.Shared.NextDouble()), _time, _stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested)
            {
                // What is on disk by now is the next process's to record.
                return false;
            }
        }
    }

    private async Task OverflowAsync(Entry entry)
    {
        // Known before it is on disk, so that nobody takes it for settled meanwhile.
        _running[entry.Key] = entry;
        await PutAsideAsync(entry).ConfigureAwait(false);
        Forget(entry);
    }

    /// <summary>Writes a settlement to disk, once; without a place there it is lost.</summary>
    private async Task PutAsideAsync(Entry entry)
    {
        var (tenant, _, settlement) = entry.Settlement;
        if (!entry.TryPutAside())
        {
            await entry.Aside.Passed.ConfigureAwait(false);
            return;
        }

        try
        {
            if (entry.IsOnDisk)
            {
                return;
            }

            if (_files is not null)
            {
                await _files.WriteAsync(entry.Settlement).ConfigureAwait(false);
                _onDisk = true;
                return;
            }

            LogLost(null, tenant, settlement.DecisionId, settlement.Outcome, "The journal is away, and no directory is configured.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            LogLost(error, tenant, settlement.DecisionId, settlement.Outcome, "The journal is away, and the directory takes no writes.");
        }
        finally
        {
            entry.Aside.Pass();
        }
    }

    private void Forget(Entry entry)
    {
        _running.TryRemove(KeyValuePair.Create(entry.Key, entry));
        entry.Known.Pass();
        entry.Ended.Pass();
    }

    private void Resume()
    {
        if (_files is not null && !_stop.IsCancellationRequested && Interlocked.Exchange(ref _resuming, 1) == 0)
        {
            _ = ResumeAsync(_files);
        }
    }

    private async Task ResumeAsync(SpillFiles<SpilledSettlement> files)
    {
        try
        {
            _onDisk = false;
            foreach (var file in await files.TakeAsync().ConfigureAwait(false))
            {
                using (file)
                {
                    await ResumeAsync(file).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            LogUnreadable(error, error.Message);
        }
        finally
        {
            Volatile.Write(ref _resuming, 0);
        }
    }

    private async Task ResumeAsync(SpillFile<SpilledSettlement> file)
    {
        if (file.Unreadable > 0)
        {
            LogUnreadable(null, $"{file.Unreadable} lines are no settlements.");
        }

        await Parallel.ForEachAsync(
            file.Entries,
            new ParallelOptions { MaxDegreeOfParallelism = ResumedAtOnce },
            async (settlement, _) => await RecordAsync(new Entry(settlement, null, isOnDisk: true)).ConfigureAwait(false)).ConfigureAwait(false);
        if (!_stop.IsCancellationRequested)
        {
            file.Delete();
            LogResumed(file.Entries.Count);
        }
    }

    [LoggerMessage(1011, LogLevel.Error, "Settlement of decision {DecisionId} of tenant {Tenant} ({Outcome}) could not be recorded; it will expire at its reserved amount. {Reason}")]
    private partial void LogLost(Exception? defect, string tenant, string decisionId, Core.Tenancy.CallOutcome outcome, string reason);

    [LoggerMessage(1012, LogLevel.Warning, "Settlement of decision {DecisionId} of tenant {Tenant} could not be recorded yet; {Count} wait and are tried again. {Reason} ({Unsaid} more since the last such line.)")]
    private partial void LogRepeated(string tenant, string decisionId, int count, string reason, int unsaid);

    [LoggerMessage(1013, LogLevel.Information, "{Count} settlements that had waited on disk are recorded.")]
    private partial void LogResumed(int count);

    [LoggerMessage(1014, LogLevel.Warning, "Settlements on disk cannot all be read. {Reason}")]
    private partial void LogUnreadable(Exception? error, string reason);

    /// <param name="settlement">What to record.</param>
    /// <param name="elapsed">Time from the request to the end of its answer; null for a call of an earlier process.</param>
    /// <param name="isOnDisk">Whether a file holds it until it is recorded.</param>
    private sealed class Entry(SpilledSettlement settlement, TimeSpan? elapsed, bool isOnDisk)
    {
        /// <summary>It is recorded, lost, on disk, or delayed by an outage.</summary>
        public Milestone Known;

        /// <summary>It is recorded, lost, or on disk.</summary>
        public Milestone Ended;

        /// <summary>It is on disk, or cannot be.</summary>
        public Milestone Aside;

        private int _isAside;

        public SpilledSettlement Settlement => settlement;

        public TimeSpan? Elapsed => elapsed;

        public bool IsOnDisk => isOnDisk;

        public (string Tenant, string DecisionId) Key => (settlement.Tenant, settlement.Settlement.DecisionId);

        public bool TryPutAside() => Interlocked.Exchange(ref _isAside, 1) == 0;
    }

    private sealed class Announcement(PendingSettlements owner, (string, string) key, TaskCompletionSource ended) : IDisposable
    {
        public void Dispose()
        {
            owner._announced.TryRemove(key, out _);
            ended.TrySetResult();
        }
    }
}
