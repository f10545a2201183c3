using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>A writer's connection. A transaction takes two round trips, whatever it writes: one locks and reads, one writes and commits.</summary>
/// <remarks>After any exception the session must be disposed of: its transaction may still be open.</remarks>
internal sealed class WriteSession : IAsyncDisposable
{
    // The writer reaches every row by its key. Without statistics, as in a new database, the planner would scan whole tables, and
    // a prepared statement would keep doing so while they grow.
    // Acknowledged means durable: a server that was told not to wait for its log waits for ours.
    private const string Setup = """
        SET enable_seqscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """;

    // Locked in the order of their keys, by every process: so writers wait for each other, but never in a circle.
    private const string LockHeads = """
        SELECT tenant, tenant_key, last_ordinal, last_sequence, clock_timestamp(), base_sequence
        FROM tenants
        WHERE tenant = ANY ($1)
        ORDER BY tenant_key
        FOR NO KEY UPDATE
        """;

    // Waits for nobody, so that the order does not matter. Which of the others are there tells the locked ones from the new ones.
    private const string LockFreeHeads = """
        SELECT tenant, tenant_key, last_ordinal, last_sequence, clock_timestamp(), base_sequence
        FROM tenants
        WHERE tenant = ANY ($1)
        FOR NO KEY UPDATE SKIP LOCKED
        """;

    private const string FindHeads = """
        SELECT tenant FROM tenants WHERE tenant = ANY ($1)
        """;

    // A statement of its own after the locks, and at read committed: it sees all that was committed before they were taken.
    private const string FindDecisions = $"""
        SELECT {JournalRows.StateColumns}, w.place, {JournalRows.FeedbackColumns}
        FROM unnest($1, $2, $3) WITH ORDINALITY AS w (tenant, decision_id, idempotency_key, place)
        JOIN tenants t ON t.tenant = w.tenant
        JOIN decisions d ON d.tenant_key = t.tenant_key AND d.decision_id = w.decision_id
        {JournalRows.SettlementJoin}
        LEFT JOIN feedback f
            ON f.tenant_key = d.tenant_key AND f.decision_ordinal = d.ordinal AND f.idempotency_key = w.idempotency_key
        LEFT JOIN events e ON e.tenant_key = f.tenant_key AND e.sequence = f.sequence
        """;

    private const int PlaceColumn = JournalRows.StateColumnCount;

    // The feedback in force is the last one: a default is none, and is never taken after feedback.
    private const string FindInForce = $"""
        SELECT w.place, {JournalRows.FeedbackColumns}
        FROM unnest($1, $2) WITH ORDINALITY AS w (tenant, decision_id, place)
        JOIN tenants t ON t.tenant = w.tenant
        JOIN decisions d ON d.tenant_key = t.tenant_key AND d.decision_id = w.decision_id
        CROSS JOIN LATERAL (
            SELECT n.tenant_key, n.sequence, n.label, n.comment
            FROM feedback n
            WHERE n.tenant_key = d.tenant_key AND n.decision_ordinal = d.ordinal
            ORDER BY n.sequence DESC
            LIMIT 1) f
        JOIN events e ON e.tenant_key = f.tenant_key AND e.sequence = f.sequence
        """;

    private const string CreateHeads = """
        INSERT INTO tenants (tenant) SELECT * FROM unnest($1) ON CONFLICT (tenant) DO NOTHING
        """;

    private const string UpdateDecisions = """
        UPDATE decisions d
        SET served_arm = n.served_arm, reserved_usd = n.reserved_usd, settled_sequence = n.settled_sequence, settled_usd = n.settled_usd,
            reward = n.reward, feedback_count = n.feedback_count, reward_weight = n.reward_weight,
            bound_usd = n.bound_usd, verdicts = n.verdicts
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            AS n (tenant_key, ordinal, served_arm, reserved_usd, settled_sequence, settled_usd, reward, feedback_count, reward_weight, bound_usd, verdicts)
        WHERE d.tenant_key = n.tenant_key AND d.ordinal = n.ordinal
        """;

    private const string MoveHeads = """
        UPDATE tenants t SET last_ordinal = n.last_ordinal, last_sequence = n.last_sequence
        FROM unnest($1, $2, $3) AS n (tenant_key, last_ordinal, last_sequence)
        WHERE t.tenant_key = n.tenant_key
        """;

    private readonly NpgsqlConnection _connection;

    private WriteSession(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The server's clock when the transaction locked its first tenant; null where it locked none.</summary>
    public DateTimeOffset? Clock { get; private set; }

    /// <summary>Whether a transaction of this session has been committed: only then can the connection have gone stale.</summary>
    public bool WasUsed { get; private set; }

    public static async Task<WriteSession> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync().ConfigureAwait(false);
            var setup = new NpgsqlCommand(Setup, connection);
            await using var setupEnd = setup.ConfigureAwait(false);
            await setup.ExecuteNonQueryAsync().ConfigureAwait(false);
            return new WriteSession(connection);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins a transaction, locks the heads of all tenants of the scopes, and reads the decisions that they are about.</summary>
    /// <param name="scopes">What the transaction is about.</param>
    /// <param name="skipLocked">Whether to leave out tenants that others hold, instead of waiting for them.</param>
    /// <returns>The transaction, and the tenants that were left out: nothing may be written of them.</returns>
    public async Task<(JournalTransaction Transaction, IReadOnlySet<string> Locked)> BeginAsync(IReadOnlyList<JournalScope> scopes, bool skipLocked)
    {
        List<(string Tenant, DecisionLookup Lookup)> wanted = [.. scopes.SelectMany(scope => scope.Lookups.Select(lookup => (scope.Tenant, lookup)))];
        var batch = new NpgsqlBatch(_connection);
        await using var batchEnd = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"));
        List<string?> tenants = [.. scopes.Select(scope => scope.Tenant).Distinct(StringComparer.Ordinal)];
        batch.BatchCommands.Add(new NpgsqlBatchCommand(skipLocked ? LockFreeHeads : LockHeads).Column(tenants));
        if (skipLocked)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FindHeads).Column(tenants));
        }

        if (wanted.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FindDecisions)
                .Column([.. wanted.Select(one => one.Tenant)])
                .Column([.. wanted.Select(one => one.Lookup.DecisionId)])
                .Column([.. wanted.Select(one => one.Lookup.IdempotencyKey)]));
        }

        var compared = wanted.FindAll(one => one.Lookup.InForce);
        if (compared.Count > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FindInForce)
                .Column([.. compared.Select(one => one.Tenant)])
                .Column([.. compared.Select(one => one.Lookup.DecisionId)]));
        }

        Clock = null;
        var transaction = new JournalTransaction();
        var locked = new HashSet<string>(StringComparer.Ordinal);
        var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
        await using var readerEnd = reader.ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            transaction.AddHead(new TenantHead(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(5)));
            Clock ??= reader.GetFieldValue<DateTimeOffset>(4);
        }

        if (skipLocked && await reader.NextResultAsync().ConfigureAwait(false))
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                var tenant = reader.GetString(0);
                if (transaction.FindHead(tenant) is null)
                {
                    locked.Add(tenant);
                }
            }
        }

        if (await reader.NextResultAsync().ConfigureAwait(false))
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                var (tenant, lookup) = wanted[(int)reader.GetInt64(PlaceColumn) - 1];
                if (transaction.FindHead(tenant) is { } head)
                {
                    AddDecision(head, lookup, reader);
                }
            }
        }

        if (await reader.NextResultAsync().ConfigureAwait(false))
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                var (tenant, lookup) = compared[(int)reader.GetInt64(0) - 1];
                if (transaction.FindHead(tenant)?.FindDecision(lookup.DecisionId) is { } decision)
                {
                    decision.InForce = JournalRows.ReadFeedback(new PostgresRow(reader), 1);
                }
            }
        }

        return (transaction, locked);
    }

    /// <summary>Writes what the transaction holds and commits it.</summary>
    public async Task CommitAsync(JournalTransaction transaction)
    {
        var batch = new NpgsqlBatch(_connection);
        await using var batchEnd = batch.ConfigureAwait(false);
        if (transaction.Decisions.Count > 0)
        {
            batch.BatchCommands.Add(NewRows.Of(transaction.Decisions));
        }

        if (transaction.Events.Count > 0)
        {
            batch.BatchCommands.Add(NewRows.Of(transaction.Events));
        }

        if (transaction.Feedback.Count > 0)
        {
            batch.BatchCommands.Add(NewRows.Of(transaction.Feedback));
        }

        var heads = transaction.Heads.Where(head => head.Moved).ToList();
        var changed = heads.SelectMany(head => head.Decisions.Where(decision => decision.Changed).Select(decision => (head.Key, decision))).ToList();
        if (changed.Count > 0)
        {
            batch.BatchCommands.Add(UpdateOf(changed));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(MoveHeads)
            .Column([.. heads.Select(head => head.Key)])
            .Column([.. heads.Select(head => head.LastOrdinal)])
            .Column([.. heads.Select(head => head.LastSequence)]));

        // One group of messages: after an error the server skips the rest of it, the commit included.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        WasUsed = true;
    }

    public async Task RollbackAsync()
    {
        var command = new NpgsqlCommand("ROLLBACK", _connection);
        await using var commandEnd = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Gives tenants their rows, outside of the transaction that needs them: inside it, two processes that create different tenants
    /// while they hold locks could wait for each other. A row without anything behind it does no harm.
    /// </summary>
    public async Task CreateTenantsAsync(IEnumerable<string> tenants)
    {
        var batch = new NpgsqlBatch(_connection);
        await using var batchEnd = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CreateHeads).Column([.. tenants]));
        await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static NpgsqlBatchCommand UpdateOf(List<(long TenantKey, DecisionState Decision)> changed) => new NpgsqlBatchCommand(UpdateDecisions)
        .Column([.. changed.Select(one => one.TenantKey)])
        .Column([.. changed.Select(one => one.Decision.Facts.Ordinal)])
        .Column([.. changed.Select(one => one.Decision.Facts.ServedArm)])
        .Column([.. changed.Select(one => one.Decision.Facts.ReservedUsd)])
        .Column([.. changed.Select(one => one.Decision.SettledSequence)])
        .Column([.. changed.Select(one => one.Decision.Facts.SettledUsd)])
        .Column([.. changed.Select(one => one.Decision.Reward)])
        .Column([.. changed.Select(one => one.Decision.FeedbackCount)])
        .Column([.. changed.Select(one => one.Decision.RewardWeight)])
        .Column([.. changed.Select(one => one.Decision.Facts.BoundUsd)])
        .Column([.. changed.Select(one => one.Decision.Verdicts)]);

    private static void AddDecision(TenantHead head, DecisionLookup lookup, NpgsqlDataReader reader)
    {
        if (head.FindDecision(lookup.DecisionId) is not { } decision)
        {
            head.AddDecision(decision = JournalRows.ReadState(new PostgresRow(reader), lookup.DecisionId));
        }

        if (lookup.IdempotencyKey is { } key && !reader.IsDBNull(PlaceColumn + 1))
        {
            decision.AddFeedback(key, JournalRows.ReadFeedback(new PostgresRow(reader), PlaceColumn + 1));
        }
    }
}
