using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Sqlite;

/// <summary>
/// The one writer of a database: gathers the writes of all callers and commits them together, so that one flush to the disk
/// serves all that arrived while the last one ran.
/// </summary>
/// <remarks>It has its own thread because SQLite's calls block: a flush must not hold one of the thread pool's few threads.</remarks>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private readonly BlockingCollection<WriteRequest> _queue = [];
    private readonly SemaphoreSlim _room;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteSession _session;
    private readonly int _maxBatchSize;
    private readonly TimeProvider _time;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _logger;
    private int _disposed;

    public SqliteWriter(SqliteConnection connection, SqliteOptions options, TimeProvider time, EngineMetrics metrics, ILogger logger)
    {
        _session = new WriteSession(connection);
        _room = new SemaphoreSlim(options.QueueCapacity);
        _maxBatchSize = options.MaxBatchSize;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "MetaLlm SQLite writer" }.Start();
    }

    /// <summary>Runs a write; the task completes when it is committed.</summary>
    /// <param name="write">The write; it may run twice, and refuses by a FencedException before it changes anything.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    public async Task<T> WriteAsync<T>(Func<WriteSession, T> write, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_queue.IsAddingCompleted, this);
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        var request = new WriteRequest<T>(write, cancellationToken);
        try
        {
            _queue.Add(request, CancellationToken.None);
        }
        catch (InvalidOperationException) when (_queue.IsAddingCompleted)
        {
            throw new ObjectDisposedException(nameof(SqliteWriter));
        }

        return await request.Completion.ConfigureAwait(false);
    }

    /// <summary>Takes no more writes, commits those that wait, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _queue.CompleteAdding();
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    private void Run()
    {
        var batch = new List<WriteRequest>();
        while (_queue.TryTake(out var first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < _maxBatchSize && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            _room.Release(batch.Count);
            CommitTogether(batch);
            batch.Clear();
        }

        _session.Dispose();
        _stopped.SetResult();
    }

    private void CommitTogether(List<WriteRequest> batch)
    {
        var started = _time.GetTimestamp();
        var spoiled = TryCommit(batch);
        if (spoiled && batch.Count > 1)
        {
            // One request broke the transaction for all. Alone, each succeeds or fails for itself.
            LogBatchSplit(batch.Count);
            foreach (var request in batch)
            {
                TryCommit([request]);
            }
        }

        _metrics.RecordAppend(batch.Count, _time.GetElapsedTime(started));
    }

    /// <summary>Commits a batch and reports to its callers.</summary>
    /// <returns>Whether a request threw and the batch is to be split; then nobody has been told anything, unless it has one request.</returns>
    private bool TryCommit(List<WriteRequest> batch)
    {
        WriteRequest? running = null;
        try
        {
            _session.Begin();
            foreach (var request in batch)
            {
                running = request;
                request.Execute(_session);
            }

            running = null;
            _session.Commit();
        }
        catch (Exception error)
        {
            RollBack();
            if (running is not null && batch.Count > 1)
            {
                return true;
            }

            // A full disk or a database that is gone meets every call: its message is enough, where a defect needs its stack.
            LogCommitFailed(error is SqliteException or FencedException ? null : error, batch.Count, error.Message);
            foreach (var request in batch)
            {
                request.Fail(error);
            }

            return false;
        }

        foreach (var request in batch)
        {
            request.Complete();
        }

        return false;
    }

    private void RollBack()
    {
        try
        {
            _session.Rollback();
        }
        catch (SqliteException error)
        {
            // The next BEGIN fails for as long as the transaction stays open, and its callers are told.
            LogRollbackFailed(error);
        }
    }
}
