using System.Collections.ObjectModel;
using System.Threading.Channels;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Commits;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>
/// One writing connection: gathers the writes of all callers of its tenants and commits them together, so that one round trip and one
/// flush of the server's log serve all that arrived while the last one ran.
/// </summary>
/// <remarks>
/// A batch waits only briefly for tenants that other processes are writing to. One that stays locked, as by a process that is frozen, is
/// left out: its writes are held back and tried again with every batch, until it is free or <see cref="PostgresOptions.LockTimeout"/> is over.
/// </remarks>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    /// <summary>How long the writes of a batch wait together for a lock. A commit of another process takes milliseconds.</summary>
    public static readonly TimeSpan SharedWait = TimeSpan.FromMilliseconds(50);

    private const int MaxAttempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Channel<WriteRequest<JournalTransaction>> _queue;
    private readonly string _connectionString;
    private readonly GroupCommit<JournalTransaction> _commits;
    private readonly TimeSpan _lockTimeout;
    private readonly TimeSpan _clockTolerance;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<WriteRequest<JournalTransaction>> _held = [];
    private readonly Task _running;
    private WriteSession? _session;

    public JournalWriter(string connectionString, PostgresOptions options, TimeProvider time, EngineMetrics metrics, ILogger logger)
    {
        _connectionString = connectionString;
        _commits = new GroupCommit<JournalTransaction>(options.MaxBatchSize, CommitFailure.IsOfOneWrite, CommitFailure.IsOutage, time, metrics, logger);
        (_lockTimeout, _clockTolerance) = (options.LockTimeout, options.ClockTolerance);
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<WriteRequest<JournalTransaction>>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _running = Task.Run(RunAsync);
    }

    /// <summary>Runs a write; the task completes when it is committed.</summary>
    /// <param name="scope">What it is about.</param>
    /// <param name="write">The write; it may run more than once, and refuses by a FencedException before it changes anything.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    /// <exception cref="NpgsqlException">The server could not be reached or refused a statement; nothing was written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection was lost during the commit.</exception>
    /// <exception cref="EngineUnavailableException">Another process holds the tenant; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    {
        var request = new WriteRequest<JournalTransaction, T>(scope, write, scope.CanWait, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(PostgresDatabase));
        }

        return await request.Completion.ConfigureAwait(false);
    }

    /// <summary>Takes no more writes, commits those that wait, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (await WaitForWritesAsync().ConfigureAwait(false))
        {
            _commits.Return(_held);
            var held = _held.Count;
            _held.Clear();
            while (!_commits.IsFull && _queue.Reader.TryRead(out var next))
            {
                _commits.Add(next);
            }

            // Who stands in the server's queue gets the lock in turn, however busy the other process keeps it; but nobody else waits along.
            var skipLocked = held > 0 && _commits.Count > held;
            foreach (var group in _commits.Groups())
            {
                await CommitGroupAsync(group, skipLocked).ConfigureAwait(false);
                skipLocked = true;
            }
        }

        await DropSessionAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for a write, or for the next try of those that are held back.</summary>
    /// <returns>False when there is nothing to do any more.</returns>
    private async ValueTask<bool> WaitForWritesAsync()
    {
        if (_held.Count == 0)
        {
            return await _queue.Reader.WaitToReadAsync().ConfigureAwait(false);
        }

        // Nobody tells when the other process lets go.
        using var pause = new CancellationTokenSource(Pause, _time);
        try
        {
            if (!await _queue.Reader.WaitToReadAsync(pause.Token).ConfigureAwait(false))
            {
                await Task.Delay(Pause, _time).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Nothing arrived.
        }

        return true;
    }

    private async Task CommitGroupAsync(IReadOnlyList<WriteRequest<JournalTransaction>> group, bool skipLocked)
    {
        if (group.Count == 1 && _held.Exists(held => held.Scope!.Tenant == group[0].Scope!.Tenant))
        {
            // An earlier write of the tenant was held back: this one stays behind it.
            Hold(group[0]);
            _commits.Report(group, error: null, heldBack: group);
            return;
        }

        var (locked, error) = await TryCommitAsync(group, skipLocked).ConfigureAwait(false);
        if (error is not null && !skipLocked && CommitFailure.IsLockTimeout(error))
        {
            (locked, error) = await TryCommitAsync(group, skipLocked: true).ConfigureAwait(false);
        }

        var heldBack = error is null ? group.Where(request => locked.Contains(request.Scope!.Tenant)).ToHashSet() : [];
        foreach (var request in heldBack)
        {
            Hold(request);
        }

        _commits.Report(group, error, heldBack);
    }

    private void Hold(WriteRequest<JournalTransaction> request)
    {
        request.HeldSince ??= _time.GetTimestamp();
        if (_time.GetElapsedTime(request.HeldSince.Value) < _lockTimeout)
        {
            _held.Add(request);
            return;
        }

        LogLocked(request.Scope!.Tenant);
        request.Fail(new EngineUnavailableException(
            $"Another process has held tenant '{request.Scope.Tenant}' for {_lockTimeout.TotalSeconds} seconds; nothing was written."));
    }

    /// <summary>Commits a batch. Where nothing was written and another attempt may succeed, there is one.</summary>
    /// <returns>The tenants that were left out because others hold them, and null or why it failed.</returns>
    private async Task<(IReadOnlySet<string> Locked, Exception? Error)> TryCommitAsync(IReadOnlyList<WriteRequest<JournalTransaction>> batch, bool skipLocked)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wasUsed = _session is { WasUsed: true };
            try
            {
                return (await CommitAsync(batch, skipLocked).ConfigureAwait(false), null);
            }
            catch (Exception error)
            {
                // The state of the connection is unknown; a new one costs less than to find out.
                await DropSessionAsync().ConfigureAwait(false);

                // All are safe to repeat because nothing was written: the server rolled the transaction back, or the connection was
                // found dead before the commit was sent. What was lost during the commit is neither, and is left to the callers.
                var repeat = CommitFailure.IsConflict(error) || CommitFailure.IsIdleTimeout(error) || (wasUsed && CommitFailure.IsLostConnection(error));
                if (!repeat || attempt == MaxAttempts)
                {
                    return (ReadOnlySet<string>.Empty, error);
                }

                LogRetry(batch.Count, error.Message);
            }
        }
    }

    private async Task<IReadOnlySet<string>> CommitAsync(IReadOnlyList<WriteRequest<JournalTransaction>> batch, bool skipLocked)
    {
        var session = _session ??= await WriteSession.OpenAsync(_connectionString).ConfigureAwait(false);
        var (transaction, locked) = await ExecuteAsync(session, batch, skipLocked).ConfigureAwait(false);
        if (FindNewTenants(transaction) is { Length: > 0 } missing)
        {
            await session.RollbackAsync().ConfigureAwait(false);
            await session.CreateTenantsAsync(missing).ConfigureAwait(false);
            (transaction, locked) = await ExecuteAsync(session, batch, skipLocked).ConfigureAwait(false);
            if (FindNewTenants(transaction) is { Length: > 0 } deleted)
            {
                throw new InvalidDataException($"The row of tenant '{deleted[0]}' was deleted by somebody while it was written to.");
            }
        }

        if (!transaction.HasChanges)
        {
            // Duplicates and refusals alone.
            await session.RollbackAsync().ConfigureAwait(false);
            return locked;
        }

        if (session.Clock is { } clock && Newest(transaction) - clock is var ahead && ahead > _clockTolerance)
        {
            await session.RollbackAsync().ConfigureAwait(false);
            throw CommitFailure.ClockAhead(ahead, _clockTolerance);
        }

        try
        {
            await session.CommitAsync(transaction).ConfigureAwait(false);
            return locked;
        }
        catch (NpgsqlException error) when (!CommitFailure.IsRolledBack(error))
        {
            throw new CommitOutcomeUnknownException(error);
        }
    }

    private static async Task<(JournalTransaction Transaction, IReadOnlySet<string> Locked)> ExecuteAsync(
        WriteSession session, IReadOnlyList<WriteRequest<JournalTransaction>> batch, bool skipLocked)
    {
        var begun = await session.BeginAsync([.. batch.Select(request => request.Scope!)], skipLocked).ConfigureAwait(false);
        foreach (var request in batch)
        {
            if (!begun.Locked.Contains(request.Scope!.Tenant))
            {
                request.Execute(begun.Transaction);
            }
        }

        return begun;
    }

    /// <summary>The latest time that a write of the transaction bears.</summary>
    private static DateTimeOffset Newest(JournalTransaction transaction)
    {
        var newest = DateTimeOffset.MinValue;
        foreach (var row in transaction.Decisions)
        {
            newest = row.Encoded.Decision.At > newest ? row.Encoded.Decision.At : newest;
        }

        foreach (var row in transaction.Events)
        {
            newest = row.Event.At > newest ? row.Event.At : newest;
        }

        return newest;
    }

    /// <summary>Tenants without a row that a write needs, in the order in which every process creates them.</summary>
    private static string[] FindNewTenants(JournalTransaction transaction) =>
        [.. transaction.Heads.Where(head => head is { Key: 0, Moved: true }).Select(head => head.Tenant).Order(StringComparer.Ordinal)];

    private async Task DropSessionAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
