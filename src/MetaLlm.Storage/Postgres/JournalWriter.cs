using System.Threading.Channels;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>
/// One writing connection: gathers the writes of all callers of its tenants and commits them together, so that one round trip and one
/// flush of the server's log serve all that arrived while the last one ran.
/// </summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    private const int MaxAttempts = 4;

    private readonly Channel<WriteRequest> _queue;
    private readonly string _connectionString;
    private readonly int _maxBatchSize;
    private readonly TimeProvider _time;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Task _running;
    private WriteSession? _session;

    public JournalWriter(string connectionString, PostgresOptions options, TimeProvider time, EngineMetrics metrics, ILogger logger)
    {
        _connectionString = connectionString;
        _maxBatchSize = options.MaxBatchSize;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _running = Task.Run(RunAsync);
    }

    /// <summary>Runs a write; the task completes when it is committed.</summary>
    /// <param name="tenant">The tenant that the write is about.</param>
    /// <param name="lookups">Decisions that it is about.</param>
    /// <param name="write">The write; it may run more than once, and refuses by a FencedException before it changes anything.</param>
    /// <param name="cancellationToken">Withdraws the write until it starts; from then on the outcome is awaited.</param>
    /// <exception cref="NpgsqlException">The server could not be reached or refused a statement; nothing was written.</exception>
    /// <exception cref="CommitOutcomeUnknownException">The connection was lost during the commit.</exception>
    public async Task<T> WriteAsync<T>(
        string tenant, IReadOnlyList<DecisionLookup> lookups, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    {
        var request = new WriteRequest<T>(tenant, lookups, write, cancellationToken);
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
        var batch = new List<WriteRequest>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < _maxBatchSize && _queue.Reader.TryRead(out var next))
            {
                if (!next.TryWithdraw())
                {
                    batch.Add(next);
                }
            }

            if (batch.Count > 0)
            {
                await CommitTogetherAsync(batch).ConfigureAwait(false);
            }

            batch.Clear();
        }

        await DropSessionAsync().ConfigureAwait(false);
    }

    private async Task CommitTogetherAsync(List<WriteRequest> batch)
    {
        var started = _time.GetTimestamp();
        var error = await TryCommitAsync(batch).ConfigureAwait(false);
        if (error is not null && batch.Count > 1 && CommitFailure.IsOfOneWrite(error))
        {
            // Alone, each succeeds or fails for itself.
            LogBatchSplit(batch.Count);
            foreach (var request in batch)
            {
                Report([request], await TryCommitAsync([request]).ConfigureAwait(false));
            }
        }
        else
        {
            Report(batch, error);
        }

        _metrics.RecordAppend(batch.Count, _time.GetElapsedTime(started));
    }

    private void Report(List<WriteRequest> batch, Exception? error)
    {
        if (error is not null)
        {
            // An outage meets every call: its message is enough, where a defect needs its stack.
            LogCommitFailed(CommitFailure.IsUnavailability(error) ? null : error, batch.Count, error.Message);
        }

        foreach (var request in batch)
        {
            if (error is null)
            {
                request.Complete();
            }
            else
            {
                request.Fail(error);
            }
        }
    }

    /// <summary>Commits a batch. Where nothing was written and another attempt may succeed, there is one.</summary>
    /// <returns>Null, or why it failed.</returns>
    private async Task<Exception?> TryCommitAsync(List<WriteRequest> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wasUsed = _session is { WasUsed: true };
            try
            {
                await CommitAsync(batch).ConfigureAwait(false);
                return null;
            }
            catch (Exception error)
            {
                // The state of the connection is unknown; a new one costs less than to find out.
                await DropSessionAsync().ConfigureAwait(false);

                // Both are safe to repeat because nothing was written: the server rolled the transaction back, or the connection was
                // found dead before the commit was sent. What was lost during the commit is neither, and is left to the callers.
                var repeat = CommitFailure.IsConflict(error) || (wasUsed && CommitFailure.IsLostConnection(error));
                if (!repeat || attempt == MaxAttempts)
                {
                    return error;
                }

                LogRetry(batch.Count, error.Message);
            }
        }
    }

    private async Task CommitAsync(List<WriteRequest> batch)
    {
        var session = _session ??= await WriteSession.OpenAsync(_connectionString).ConfigureAwait(false);
        var transaction = await ExecuteAsync(session, batch).ConfigureAwait(false);
        if (transaction.NewTenants.Count > 0)
        {
            await session.RollbackAsync().ConfigureAwait(false);
            await session.CreateTenantsAsync(transaction.NewTenants).ConfigureAwait(false);
            transaction = await ExecuteAsync(session, batch).ConfigureAwait(false);
            if (transaction.NewTenants.Count > 0)
            {
                throw new InvalidDataException($"The row of tenant '{transaction.NewTenants.Min}' was deleted by somebody while it was written to.");
            }
        }

        if (!transaction.HasChanges)
        {
            // Duplicates and refusals alone.
            await session.RollbackAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await session.CommitAsync(transaction).ConfigureAwait(false);
        }
        catch (NpgsqlException error) when (!CommitFailure.IsRolledBack(error))
        {
            throw new CommitOutcomeUnknownException(error);
        }
    }

    private static async Task<JournalTransaction> ExecuteAsync(WriteSession session, List<WriteRequest> batch)
    {
        var transaction = await session.BeginAsync(batch).ConfigureAwait(false);
        foreach (var request in batch)
        {
            request.Execute(transaction);
        }

        return transaction;
    }

    private async Task DropSessionAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
