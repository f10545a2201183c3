using System.Globalization;
using Dapper;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Copies all rows of a tenant to another database, where it has another key. Both connections are in transactions that hold the tenant's row.</summary>
internal sealed class TenantCopy
{
    /// <summary>Forgets a tenant's snapshot, which is grain storage's.</summary>
    public const string ForgetSnapshot = $"DELETE FROM orleans_grain_state WHERE {Snapshot} = @tenant";

    private const string Snapshot = "type_name = 'snapshot' AND id_text";

    // Numbers as exact as they are, whatever a server's settings say.
    private const string Exactly = "SET LOCAL extra_float_digits = 3; SET LOCAL bytea_output = 'hex'";

    // Whatever has a tenant's key is the tenant's, but for what says that it is going.
    private const string Columns = """
        SELECT table_name AS "Table", column_name AS "Column" FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name NOT IN ('tenant_key', 'tenant') AND table_name IN (
            SELECT table_name FROM information_schema.columns
            WHERE table_schema = current_schema() AND column_name = 'tenant_key' AND table_name <> 'deleted_tenants')
        ORDER BY table_name, ordinal_position
        """;

    private readonly NpgsqlConnection _from;
    private readonly NpgsqlConnection _to;
    private readonly string _tenant;
    private readonly long _key;
    private readonly long _newKey;
    private readonly Dictionary<string, string> _tables;

    private TenantCopy(NpgsqlConnection from, NpgsqlConnection to, string tenant, long key, long newKey, Dictionary<string, string> tables) =>
        (_from, _to, _tenant, _key, _newKey, _tables) = (from, to, tenant, key, newKey, tables);

    public static async Task<TenantCopy> CreateAsync(
        NpgsqlConnection from, NpgsqlConnection to, string tenant, long key, long newKey, CancellationToken cancellationToken)
    {
        await from.ExecuteAsync(new CommandDefinition(Exactly, cancellationToken: cancellationToken)).ConfigureAwait(false);
        await to.ExecuteAsync(new CommandDefinition(Exactly, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var (here, there) = (await ReadColumnsAsync(from, cancellationToken).ConfigureAwait(false), await ReadColumnsAsync(to, cancellationToken).ConfigureAwait(false));
        return here.Count == there.Count && here.All(table => there.TryGetValue(table.Key, out var columns) && columns == table.Value)
            ? new TenantCopy(from, to, tenant, key, newKey, here)
            : throw new TenantMoveException("The two databases have different tables of tenants. Bring both to the schema of one release with 'migrate' first.");
    }

    /// <summary>Whether the target has nothing of the tenant but its row.</summary>
    public Task<bool> IsTargetEmptyAsync(CancellationToken cancellationToken) => _to.ExecuteScalarAsync<bool>(new CommandDefinition(
        "SELECT last_ordinal = 0 AND last_sequence = 0 FROM tenants WHERE tenant_key = @key", new { key = _newKey }, cancellationToken: cancellationToken));

    public async Task CopyAsync(CancellationToken cancellationToken)
    {
        foreach (var (table, columns) in _tables.Where(table => table.Key != "tenants"))
        {
            await CopyAsync(
                string.Create(CultureInfo.InvariantCulture, $"SELECT {_newKey}::bigint, {columns} FROM {table} WHERE tenant_key = {_key}"), $"{table} (tenant_key, {columns})", cancellationToken)
                .ConfigureAwait(false);
        }

        var head = await _from.ExecuteScalarAsync<string>(new CommandDefinition(
            "SELECT to_jsonb(t)::text FROM tenants t WHERE tenant_key = @key", new { key = _key }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        await _to.ExecuteAsync(new CommandDefinition(
            $"UPDATE tenants SET ({_tables["tenants"]}) = (SELECT {_tables["tenants"]} FROM jsonb_populate_record(NULL::tenants, @head::jsonb)) WHERE tenant_key = @key",
            new { head, key = _newKey },
            cancellationToken: cancellationToken)).ConfigureAwait(false);

        // A cluster under another service name does not find it, and replays the journal.
        await _to.ExecuteAsync(new CommandDefinition(ForgetSnapshot, new { tenant = _tenant }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var quoted = await _from.ExecuteScalarAsync<string>("SELECT quote_literal(@tenant)", new { tenant = _tenant }).ConfigureAwait(false);
        await CopyAsync($"SELECT * FROM orleans_grain_state WHERE {Snapshot} = {quoted}", "orleans_grain_state", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether both sides have the same rows.</summary>
    public async Task<bool> IsEqualAsync(CancellationToken cancellationToken)
    {
        foreach (var (table, columns) in _tables)
        {
            if (await DigestAsync(_from, table, columns, _key, cancellationToken).ConfigureAwait(false) != await DigestAsync(_to, table, columns, _newKey, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How much there is to move.</summary>
    public static Task<TenantMoveReport> CountAsync(NpgsqlConnection from, long key, CancellationToken cancellationToken) => from.QuerySingleAsync<TenantMoveReport>(new CommandDefinition(
        """
        SELECT (SELECT count(*) FROM decisions WHERE tenant_key = @key) AS Decisions, (SELECT count(*) FROM events WHERE tenant_key = @key) AS Events,
            (SELECT count(*) FROM feedback WHERE tenant_key = @key) AS Feedback, interval '0' AS Fenced
        """,
        new { key },
        cancellationToken: cancellationToken));

    private async Task CopyAsync(string query, string destination, CancellationToken cancellationToken)
    {
        var read = await _from.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
        await using var readEnd = read.ConfigureAwait(false);
        var write = await _to.BeginRawBinaryCopyAsync($"COPY {destination} FROM STDIN (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
        await using var writeEnd = write.ConfigureAwait(false);
        try
        {
            await read.CopyToAsync(write, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Disposing of it would end the copy well, with half the rows.
            await write.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Dictionary<string, string>> ReadColumnsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<(string Table, string Column)>(new CommandDefinition(Columns, cancellationToken: cancellationToken)).ConfigureAwait(false))
            .GroupBy(one => one.Table, StringComparer.Ordinal)
            .ToDictionary(table => table.Key, table => string.Join(", ", table.Select(one => one.Column)), StringComparer.Ordinal);

    // The sum does not depend on the order of the rows, nor a part of the hash on the server's version.
    private static Task<Digest> DigestAsync(NpgsqlConnection connection, string table, string columns, long key, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<Digest>(new CommandDefinition(
            $"SELECT count(*) AS Rows, coalesce(sum(('x' || left(md5(ROW({columns})::text), 16))::bit(64)::bigint), 0)::text AS Sum FROM {table} WHERE tenant_key = @key",
            new { key },
            cancellationToken: cancellationToken));

    private sealed record Digest(long Rows, string Sum);
}
