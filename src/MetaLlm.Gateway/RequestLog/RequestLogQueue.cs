using System.Threading.Channels;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>
/// Calls that are to be kept, on their way to the store. No request waits for it: what finds no room, because more comes than can be written, is dropped and counted.
/// </summary>
internal sealed partial class RequestLogQueue(RequestLogMetrics metrics, TenantCatalog catalog, TimeProvider time, ILogger<RequestLogQueue> logger, IRequestLogStore? store = null) : BackgroundService
{
    private const int MostRecords = 10_000;
    private const long MostBytes = 64 * 1024 * 1024;
    private const int AtOnce = 64;
    private const int MostTries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly Channel<CallRecord> _records = Channel.CreateBounded<CallRecord>(new BoundedChannelOptions(MostRecords) { SingleReader = true });
    private readonly QuietLog _quiet = new(time);
    private long _bytes;

    /// <summary>Whether anything is kept here.</summary>
    public bool IsOpen => store is not null;

    /// <summary>Hands a call in. It returns at once.</summary>
    public void Offer(CallRecord record)
    {
        if (Interlocked.Add(ref _bytes, record.Bytes) > MostBytes || !_records.Writer.TryWrite(record))
        {
            Interlocked.Add(ref _bytes, -record.Bytes);
            metrics.Dropped(record.Tenant.Id);
        }
    }

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // What is there is still written, if that can be done in a moment.
        _records.Writer.TryComplete();
        return ExecuteTask is { } running ? EndAsync(running, cancellationToken) : Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var batch = new List<CallRecord>(AtOnce);
        while (store is not null && await _records.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < AtOnce && _records.Reader.TryRead(out var record))
            {
                batch.Add(record);
            }

            await WriteAsync(store, batch, stoppingToken).ConfigureAwait(false);
            foreach (var record in batch)
            {
                Interlocked.Add(ref _bytes, -record.Bytes);
            }
        }
    }

    private async Task EndAsync(Task running, CancellationToken cancellationToken)
    {
        await running.WaitAsync(StopPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(IRequestLogStore to, List<CallRecord> batch, CancellationToken cancellationToken)
    {
        var requests = new List<LoggedRequest>(batch.Count);
        foreach (var record in batch)
        {
            if (await IsThereAsync(record.Tenant.Id, cancellationToken).ConfigureAwait(false))
            {
                requests.Add(CallRecordWriter.ToRequest(record));
            }
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await to.PutAsync(requests, cancellationToken).ConfigureAwait(false);
                batch.ForEach(record => metrics.Kept(record.Tenant.Id));
                return;
            }
            catch (EngineUnavailableException) when (attempt < MostTries)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // What cannot be written is dropped and counted, whatever the reason; those that come after it are not.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                batch.ForEach(record => metrics.Dropped(record.Tenant.Id));
                if (_quiet.MaySay(e.GetType(), out var unsaid))
                {
                    LogDropped(logger, batch.Count, e.GetType().Name, unsaid);
                }

                return;
            }
        }
    }

    /// <summary>A tenant that was deleted meanwhile gets nothing more.</summary>
    private async ValueTask<bool> IsThereAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.FindAsync(tenant, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (Exception e) when (e is ApiException or EngineUnavailableException)
        {
            // It is there, or was a moment ago.
            return true;
        }
    }

    [LoggerMessage(5431, LogLevel.Warning, "The request log has dropped {Requests} requests, which could not be written: {Error} ({Unsaid} more since the last such line).")]
    private static partial void LogDropped(ILogger logger, int requests, string error, int unsaid);
}
