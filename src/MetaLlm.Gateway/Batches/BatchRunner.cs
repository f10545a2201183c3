using System.Threading.Channels;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Batches;

/// <summary>Runs batches beside other work: claims one that nobody runs whenever it has a place for it, and looks for those of hosts that died.</summary>
internal sealed partial class BatchRunner(BatchServices services, StartGate gate, ILogger<BatchRunner> logger) : BackgroundService, IDrain
{
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromSeconds(10);

    private readonly Lock _jobsGate = new();
    private readonly List<BatchJob> _jobs = [];
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _draining = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>There may be a batch to run.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>A batch was asked to stop.</summary>
    public void Wake(StoredBatch batch)
    {
        lock (_jobsGate)
        {
            _jobs.Find(job => job.IsOf(batch))?.Cancel();
        }

        Wake();
    }

    /// <inheritdoc/>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        // Batches are let go at once: another host goes on, and this one after its start.
        await _draining.CancelAsync().ConfigureAwait(false);
        await (ExecuteTask is null ? Task.CompletedTask : _idle.Task.WaitAsync(cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _draining.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _draining.Token);
        var running = new List<Task>();
        try
        {
            await gate.WaitAsync(over.Token).ConfigureAwait(false);
            while (services.Store is not null)
            {
                running.RemoveAll(job => job.IsCompleted);
                while (running.Count < services.Settings.Current.Batches.AtOnce && await ClaimAsync(over.Token).ConfigureAwait(false) is { } job)
                {
                    running.Add(RunAsync(job));
                }

                await WaitAsync(over.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The host stops.
        }

        await Task.WhenAll(running).ConfigureAwait(false);
        _idle.TrySetResult();
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var period = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = _woken.Reader.ReadAsync(period.Token).AsTask();
        var lease = services.Settings.Current.Batches.Lease;
        await Task.WhenAny(woken, Task.Delay(lease < LongestPeriod ? lease : LongestPeriod, services.Time, period.Token)).ConfigureAwait(false);
        await period.CancelAsync().ConfigureAwait(false);
        await ((Task)woken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task<BatchJob?> ClaimAsync(CancellationToken stopping)
    {
        try
        {
            var (owner, now) = (Guid.NewGuid().ToString("N"), services.Time.GetUtcNow());
            var batch = await services.Store!.ClaimAsync(owner, now, now + services.Settings.Current.Batches.Lease, stopping).ConfigureAwait(false);
            return batch is null ? null : new BatchJob(services, batch, owner, stopping);
        }
        catch (EngineUnavailableException)
        {
            // Whoever asks for a batch is told so; this one asks again later.
            return null;
        }
        catch (InvalidDataException e)
        {
            LogUnreadable(logger, e.Message);
            return null;
        }
    }

    private async Task RunAsync(BatchJob job)
    {
        lock (_jobsGate)
        {
            _jobs.Add(job);
        }

        try
        {
            await job.RunAsync().ConfigureAwait(false);
        }
        catch (EngineUnavailableException e)
        {
            LogAway(logger, e.Message);
        }
#pragma warning disable CA1031 // What one batch cannot even count must not end the others; it goes on when its claim has ended.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(logger, e);
        }
        finally
        {
            lock (_jobsGate)
            {
                _jobs.Remove(job);
            }

            job.Dispose();
            Wake();
        }
    }

    [LoggerMessage(5443, LogLevel.Warning, "A batch waits until the store is back. {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(5447, LogLevel.Error, "A batch could not go on, and that could not be counted; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception error);

    [LoggerMessage(5445, LogLevel.Error, "A batch cannot be run by this build. {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string reason);
}
