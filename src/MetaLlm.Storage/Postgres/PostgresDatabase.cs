using Dapper;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>A PostgreSQL database: a few connections that write, and a pool of those that read.</summary>
/// <remarks>
/// Safe for concurrent use, and any number of processes may use the same database: what one must not overwrite of another's is
/// locked and fenced inside the transactions. Connections are made when they are needed, and made again after the server was away.
/// Disposing commits what waits and closes every connection.
/// </remarks>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _readers;
    private readonly JournalWriter[] _writers;
    private readonly TimeProvider _time;
    private readonly TimeSpan _clockTolerance;

    /// <summary>Prepares connections; none is made yet.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="time">Measures commits.</param>
    /// <param name="metrics">Where commits are counted.</param>
    /// <param name="logger">Where failures are told.</param>
    public PostgresDatabase(PostgresOptions options, TimeProvider time, EngineMetrics metrics, ILogger<PostgresDatabase> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_time, _clockTolerance) = (time, options.ClockTolerance);
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
            Enlist = false,

            // There are some dozens of statements, used over and over: let the server parse and plan each once per connection.
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
        };
        connection.ApplicationName ??= "metallm";
        PostgresSessions.Limit(connection, options);
        if (options.ReadOnly)
        {
            connection.Options = $"{connection.Options} -c default_transaction_read_only=on".TrimStart();
        }

        connection.Pooling = true;
        connection.MinPoolSize = 0;
        connection.MaxPoolSize = options.ReadPoolSize;
        _readers = NpgsqlDataSource.Create(connection);
        connection.Pooling = false;
        PostgresSessions.Set(connection, "lock_timeout", (int)JournalWriter.SharedWait.TotalMilliseconds);
        var writing = connection.ConnectionString;
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => new JournalWriter(writing, options, time, metrics, logger))];
    }

    /// <summary>Checks that the server can be reached and that the database has this build's schema.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SchemaException">It has another schema, or none; the message says what to do.</exception>
    /// <exception cref="EngineUnavailableException">The server cannot be reached, or does not let us in.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _readers.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var connectionEnd = connection.ConfigureAwait(false);
            await PostgresMigrator.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException error) when (CommitFailure.IsUnavailability(error))
        {
            throw CommitFailure.Unavailable(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }

        await _readers.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The writer of a tenant. One tenant's writes share a connection, so that they wait in a queue here and not for a lock there.</summary>
    internal JournalWriter WriterOf(string tenant) =>
        _writers[(uint)string.GetHashCode(tenant, StringComparison.Ordinal) % (uint)_writers.Length];

    /// <summary>Compares this process's clock with the server's.</summary>
    /// <param name="clock">The server's, UTC.</param>
    /// <exception cref="EngineUnavailableException">This process's is too far ahead.</exception>
    internal void ThrowIfAhead(DateTime clock)
    {
        if (_time.GetUtcNow().UtcDateTime - clock is var ahead && ahead > _clockTolerance)
        {
            throw CommitFailure.ClockAhead(ahead, _clockTolerance);
        }
    }

    /// <summary>Runs a statement that stands for itself and must not be repeated.</summary>
    /// <exception cref="EngineUnavailableException">The server is away; the statement may have run.</exception>
    internal async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(run, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException error) when (CommitFailure.IsUnavailability(error))
        {
            throw CommitFailure.Unavailable(error);
        }
    }

    /// <summary>Runs a read, which may be repeated: a pooled connection shows only when it is used that the server went away meanwhile.</summary>
    /// <exception cref="EngineUnavailableException">The server is away.</exception>
    internal async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException error) when (CommitFailure.IsLostConnection(error))
        {
            _readers.Clear();
            return await RunAsync(read, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException error) when (CommitFailure.IsUnavailability(error))
        {
            throw CommitFailure.Unavailable(error);
        }
    }

    /// <summary>Runs one statement by itself.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="EngineUnavailableException">The server is away; the statement may have run.</exception>
    internal Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);

    /// <summary>Reads all rows of a query.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Its parameters; null for none.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="EngineUnavailableException">The server is away.</exception>
    internal Task<IEnumerable<TRow>> QueryAsync<TRow>(string sql, object? parameters, CancellationToken cancellationToken) => ReadAsync(
        connection => connection.QueryAsync<TRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)), cancellationToken);

    private async Task<T> RunOnceAsync<T>(Func<NpgsqlConnection, Task<T>> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var connection = await _readers.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var connectionEnd = connection.ConfigureAwait(false);
        return await run(connection).ConfigureAwait(false);
    }
}
