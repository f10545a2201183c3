using Dapper;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.TenantDirectory;

namespace MetaLlm.Storage.Sqlite;

/// <summary>The directory in the journal's file, written by its one writer.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteTenantDirectory(SqliteDatabase database) : ITenantDirectory
{
    /// <inheritdoc/>
    public ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken) =>
        Read(session => session.Connection.ExecuteScalar<long>(DirectorySql.Revision), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        return Read<IReadOnlyList<DirectoryChange>>(
            session => [.. session.Connection.Query<DirectoryRows.ChangeRow>(DirectoryRows.SqlOf(query), DirectoryRows.Parameters(query)).Select(row => row.ToChange())],
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken) =>
        Read(session => FindTenant(session.Connection, tenant), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Read<IReadOnlyList<DirectoryTenant>>(
            session => [.. session.Connection.Query<DirectoryRows.TenantRow>(DirectorySql.ListTenants, new { after = after ?? "", limit }).Select(row => row.ToTenant())],
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken) =>
        Read(session => FindKey(session.Connection, keyId), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<DirectoryKey>>(
            session => [.. session.Connection.Query<DirectoryRows.KeyRow>(tenant is null ? DirectorySql.ListManagingKeys : DirectorySql.ListKeys, new { tenant }).Select(row => row.ToKey())],
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken)
    {
        DirectoryRules.ThrowIfInvalid(write);
        return await database.Writer.WriteAsync(session => Write(session, write), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        await database.Writer.WriteAsync(
            session => session.Connection.Execute(DirectorySql.RecordUse, uses.Select(DirectoryRows.Parameters)), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    private static DirectoryReceipt Write(WriteSession session, DirectoryWrite write)
    {
        var connection = session.Connection;
        var revision = connection.ExecuteScalar<long>(DirectorySql.Revision);
        var tenant = write.Tenant is { } id ? FindTenant(connection, id) : null;
        var key = (write.KeyId ?? write.Key?.Id) is { } keyId ? FindKey(connection, keyId) : null;
        var step = DirectoryRules.Decide(write, revision + 1, tenant, key);
        if (step.Change is not { } change)
        {
            return new DirectoryReceipt(step.Outcome, revision, step.Tenant);
        }

        foreach (var (sql, parameters) in DirectoryRows.Statements(write, step))
        {
            connection.Execute(sql, parameters);
        }

        return new DirectoryReceipt(step.Outcome, change.Revision, step.Tenant);
    }

    private static DirectoryTenant? FindTenant(Microsoft.Data.Sqlite.SqliteConnection connection, string tenant) =>
        connection.QuerySingleOrDefault<DirectoryRows.TenantRow>(DirectorySql.FindTenant, new { tenant })?.ToTenant();

    private static DirectoryKey? FindKey(Microsoft.Data.Sqlite.SqliteConnection connection, string keyId) =>
        connection.QuerySingleOrDefault<DirectoryRows.KeyRow>(DirectorySql.FindKey, new { keyId })?.ToKey();

    private ValueTask<T> Read<T>(Func<ReadSession, T> read, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(read, cancellationToken));
}
