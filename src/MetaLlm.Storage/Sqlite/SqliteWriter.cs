using System.Diagnostics;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Commits;
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
    private readonly WriteQueue<WriteRequest<WriteSession>> _queue = new();
    private readonly SemaphoreSlim _room;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WriteSession _session;
    private readonly SqliteFile _file;
    private readonly GroupCommit<WriteSession> _commits;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;
    private int _disposed;

    public SqliteWriter(SqliteConnection connection, SqliteOptions options, TimeProvider time, EngineMetrics metrics, ILogger logger)
    {
        _session = new WriteSession(connection);
        _file = new SqliteFile(connection);
        _room = new SemaphoreSlim(options.QueueCapacity);
        _commits = new GroupCommit<WriteSession>(options.MaxBatchSize, SqliteFailure.IsOfOneWrite, static error => error is SqliteException or EngineUnavailableException, time, metrics, logger);
        _patience = options.CommitDelay;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "MetaLlm SQLite writer" }.Start();
    }

    /// <summary>Runs a write of the journal; the task completes when it is committed.</summary>
    /// <param name="scope">What it is about.</param>
    /// <param name="write">The write; it may run twice, and refuses by a FencedException before it changes anything.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    public Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken) =>
        WriteAsync(new WriteRequest<WriteSession, T>(scope, session => write(session.Journal), scope.CanWait, cancellationToken), cancellationToken);

    /// <summary>Runs a write of something else; the task completes when it is committed.</summary>
    /// <param name="write">The write; it may run twice, and refuses by a FencedException before it changes anything.</param>
    /// <param name="canWait">Whether it may wait some milliseconds to share another one's commit.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    public Task<T> WriteAsync<T>(Func<WriteSession, T> write, bool canWait, CancellationToken cancellationToken) =>
        WriteAsync(new WriteRequest<WriteSession, T>(scope: null, write, canWait, cancellationToken), cancellationToken);

    /// <summary>Runs a write of something else that somebody waits for; the task completes when it is committed.</summary>
    /// <param name="write">The write; it may run twice, and refuses by a FencedException before it changes anything.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    public Task<T> WriteAsync<T>(Func<WriteSession, T> write, CancellationToken cancellationToken) => WriteAsync(write, canWait: false, cancellationToken);

    /// <summary>Takes no more writes, commits those that wait, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _queue.Close();
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    private async Task<T> WriteAsync<T>(WriteRequest<WriteSession, T> request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_queue.IsClosed, this);
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(request), this);
        try
        {
            return await request.Completion.ConfigureAwait(false);
        }
        catch (SqliteException error) when (SqliteFailure.IsUnavailability(error))
        {
            throw SqliteFailure.Unavailable(error);
        }
    }

    private void Run()
    {
        while (_queue.TryTake(out var first, Timeout.InfiniteTimeSpan))
        {
            // While nobody waits for what there is, somebody may come whose commit it can share.
            var someoneWaits = Take(first);
            for (var began = Stopwatch.GetTimestamp(); !someoneWaits && !_commits.IsFull;)
            {
                var left = _patience - Stopwatch.GetElapsedTime(began);
                if (left <= TimeSpan.Zero || !_queue.TryTake(out var next, left))
                {
                    break;
                }

                someoneWaits = Take(next);
            }

            while (!_commits.IsFull && _queue.TryTake(out var next, TimeSpan.Zero))
            {
                Take(next);
            }

            foreach (var group in _commits.Groups())
            {
                _commits.Report(group, TryCommit(group));
            }
        }

        _session.Dispose();
        _stopped.SetResult();
    }

    /// <summary>Adds a write to the next commit.</summary>
    /// <returns>Whether somebody waits for it.</returns>
    private bool Take(WriteRequest<WriteSession> request)
    {
        _commits.Add(request);
        _room.Release();
        return !request.CanWait;
    }

    /// <summary>Commits a batch.</summary>
    /// <returns>Null, or why nothing of it was written.</returns>
    private Exception? TryCommit(IReadOnlyList<WriteRequest<WriteSession>> batch)
    {
        try
        {
            _session.Begin();
            foreach (var request in batch)
            {
                _session.Load(request.Scope);
                request.Execute(_session);
            }

            _session.Commit();
            _file.ThrowIfMoved();
            return null;
        }
        catch (Exception error)
        {
            RollBack();
            return error;
        }
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
