using Dapper;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.TenantDirectory;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>The directory in PostgreSQL. Changes of all processes wait for each other; reads wait for nobody.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresTenantDirectory(PostgresDatabase database) : ITenantDirectory
{
    private const string WaitAtMost = "SET LOCAL lock_timeout = '2s'";
    private const string LockRevision = DirectorySql.Revision + " FOR UPDATE";

    /// <inheritdoc/>
    public async ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>(new CommandDefinition(DirectorySql.Revision, cancellationToken: cancellationToken)), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        var rows = await database.QueryAsync<DirectoryRows.ChangeRow>(DirectoryRows.SqlOf(query), DirectoryRows.Parameters(query), cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => row.ToChange())];
    }

    /// <inheritdoc/>
    public async ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.ReadAsync(connection => FindTenantAsync(connection, tenant, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var rows = await database.QueryAsync<DirectoryRows.TenantRow>(DirectorySql.ListTenants, new { after = after ?? "", limit }, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => row.ToTenant())];
    }

    /// <inheritdoc/>
    public async ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken) =>
        await database.ReadAsync(connection => FindKeyAsync(connection, keyId, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<DirectoryRows.KeyRow>(tenant is null ? DirectorySql.ListManagingKeys : DirectorySql.ListKeys, new { tenant }, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => row.ToKey())];
    }

    /// <inheritdoc/>
    public async ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken)
    {
        DirectoryRules.ThrowIfInvalid(write);
        return await database.RunAsync(connection => WriteAsync(connection, write, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);

        // In the order of their ids, so that two processes never wait for each other.
        var (ids, times) = (new List<string>(uses.Count), new List<long>(uses.Count));
        foreach (var use in uses.GroupBy(use => use.KeyId, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            ids.Add(use.Key);
            times.Add(use.Max(one => one.At.UtcTicks));
        }

        await database.ExecuteAsync(
            """
            UPDATE directory_keys k SET last_used_at = u.at
            FROM (SELECT k.key_id, n.at FROM directory_keys k JOIN unnest(@ids, @times) AS n(key_id, at) ON n.key_id = k.key_id ORDER BY k.key_id FOR NO KEY UPDATE OF k) u
            WHERE k.key_id = u.key_id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)
            """,
            new { ids = ids.ToArray(), times = times.ToArray() },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whoever holds the row of the revision is alone; what it read before it waited would be old.</summary>
    private static async Task<DirectoryReceipt> WriteAsync(NpgsqlConnection connection, DirectoryWrite write, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var transactionEnd = transaction.ConfigureAwait(false);
        await connection.ExecuteAsync(WaitAtMost, transaction: transaction).ConfigureAwait(false);
        var revision = await connection.ExecuteScalarAsync<long>(new CommandDefinition(LockRevision, transaction: transaction, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var tenant = write.Tenant is { } id ? await FindTenantAsync(connection, id, cancellationToken).ConfigureAwait(false) : null;
        var key = (write.KeyId ?? write.Key?.Id) is { } keyId ? await FindKeyAsync(connection, keyId, cancellationToken).ConfigureAwait(false) : null;
        var step = DirectoryRules.Decide(write, revision + 1, tenant, key);
        if (step.Change is not { } change)
        {
            return new DirectoryReceipt(step.Outcome, revision, step.Tenant);
        }

        foreach (var (sql, parameters) in DirectoryRows.Statements(write, step))
        {
            await connection.ExecuteAsync(sql, parameters, transaction).ConfigureAwait(false);
        }

        // From here on the change may be durable: nobody may take it for withdrawn.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return new DirectoryReceipt(step.Outcome, change.Revision, step.Tenant);
    }

    internal static async Task<DirectoryTenant?> FindTenantAsync(NpgsqlConnection connection, string tenant, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<DirectoryRows.TenantRow>(
            new CommandDefinition(DirectorySql.FindTenant, new { tenant }, cancellationToken: cancellationToken)).ConfigureAwait(false))?.ToTenant();

    private static async Task<DirectoryKey?> FindKeyAsync(NpgsqlConnection connection, string keyId, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<DirectoryRows.KeyRow>(
            new CommandDefinition(DirectorySql.FindKey, new { keyId }, cancellationToken: cancellationToken)).ConfigureAwait(false))?.ToKey();
}
