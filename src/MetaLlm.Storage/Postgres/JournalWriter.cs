using System.Threading.Channels;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Commits;
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

    private readonly Channel<WriteRequest<JournalTransaction>> _queue;
    private readonly string _connectionString;
    private readonly GroupCommit<JournalTransaction> _commits;
    private readonly ILogger _logger;
    private readonly Task _running;
    private WriteSession? _session;

    public JournalWriter(string connectionString, PostgresOptions options, TimeProvider time, EngineMetrics metrics, ILogger logger)
    {
        _connectionString = connectionString;
        _commits = new GroupCommit<JournalTransaction>(options.MaxBatchSize, CommitFailure.IsOfOneWrite, time, metrics, logger);
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
    public async Task<T> WriteAsync<T>(JournalScope scope, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    {
        var request = new WriteRequest<JournalTransaction, T>(scope, write, cancellationToken);
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
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (!_commits.IsFull && _queue.Reader.TryRead(out var next))
            {
                _commits.Add(next);
            }

            foreach (var group in _commits.Groups())
            {
                _commits.Report(group, await TryCommitAsync(group).ConfigureAwait(false));
            }
        }

        await DropSessionAsync().ConfigureAwait(false);
    }

    /// <summary>Commits a batch. Where nothing was written and another attempt may succeed, there is one.</summary>
    /// <returns>Null, or why it failed.</returns>
    private async Task<Exception?> TryCommitAsync(IReadOnlyList<WriteRequest<JournalTransaction>> batch)
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

                LogRetry(error, batch.Count);
            }
        }
    }

    private async Task CommitAsync(IReadOnlyList<WriteRequest<JournalTransaction>> batch)
    {
        var session = _session ??= await WriteSession.OpenAsync(_connectionString).ConfigureAwait(false);
        var transaction = await ExecuteAsync(session, batch).ConfigureAwait(false);
        if (FindNewTenants(transaction) is { Length: > 0 } missing)
        {
            await session.RollbackAsync().ConfigureAwait(false);
            await session.CreateTenantsAsync(missing).ConfigureAwait(false);
            transaction = await ExecuteAsync(session, batch).ConfigureAwait(false);
            if (FindNewTenants(transaction) is { Length: > 0 } deleted)
            {
                throw new InvalidDataException($"The row of tenant '{deleted[0]}' was deleted by somebody while it was written to.");
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

    private static async Task<JournalTransaction> ExecuteAsync(WriteSession session, IReadOnlyList<WriteRequest<JournalTransaction>> batch)
    {
        var transaction = await session.BeginAsync([.. batch.Select(request => request.Scope!)]).ConfigureAwait(false);
        foreach (var request in batch)
        {
            request.Execute(transaction);
        }

        return transaction;
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
