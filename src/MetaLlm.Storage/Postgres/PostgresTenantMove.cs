using Dapper;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Storage.Codecs;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.SharedLearning;
using MetaLlm.Storage.TenantDirectory;
using MetaLlm.Storage.Usage;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Moves a tenant of the directory between the databases of two clusters, while both serve.</summary>
/// <remarks>
/// The fence is the lock of the tenant's row, which every writer takes: while it is held writes of the tenant fail as unavailable, and nothing is lost. Whatever ends
/// the process lets it go. Until the target has committed the source serves on as if nothing had been; from then on a second run ends what the first has begun.
/// </remarks>
public static class PostgresTenantMove
{
    /// <summary>Time in which all gateways of a cluster have heard of a change of the directory.</summary>
    public static TimeSpan Notice { get; } = TimeSpan.FromSeconds(3);

    private const string Actor = "move";
    private const string CountOthers = "SELECT count(*) FROM tenants WHERE tenant = ANY (@names)";
    private const string AddHead = "INSERT INTO tenants (tenant) VALUES (@tenant) ON CONFLICT (tenant) DO NOTHING";
    private const string LockHead = "SET LOCAL lock_timeout = '10s'; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT tenant_key FROM tenants WHERE tenant = @tenant FOR UPDATE";
    private const string LockSums = UsageSumSql.Begin + "; SELECT 1 FROM usage_positions WHERE tenant_key = @key FOR UPDATE";
    private const string LockDirectory = "SET LOCAL lock_timeout = '10s'; " + DirectorySql.Revision + " FOR UPDATE";
    private const string LastActor = "SELECT actor FROM directory_audit WHERE tenant = @tenant ORDER BY revision DESC LIMIT 1";
    private const string ForgetRevoked = "DELETE FROM directory_keys WHERE key_id = ANY (@ids) AND revoked_at IS NOT NULL";

    /// <summary>Moves a tenant: its journal, its snapshot, its document and its keys. When the task completes the target serves it, and the source has nothing of it.</summary>
    /// <param name="source">Connection string of the database that has the tenant.</param>
    /// <param name="target">Connection string of another one with the same schema.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="notice">How long to hold the fence after the source's directory has forgotten the tenant, until its gateways have too; <see cref="Notice"/> unless they ask more seldom.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the move. Before the target has committed nothing has changed.</param>
    /// <returns>What was moved.</returns>
    /// <exception cref="TenantMoveException">It cannot be moved.</exception>
    /// <exception cref="SchemaVersionException">A database has not this build's schema.</exception>
    /// <exception cref="NpgsqlException">A database failed.</exception>
    public static async Task<TenantMoveReport> MoveAsync(
        string source, string target, string tenant, TimeSpan notice, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(time);
        var from = await OpenAsync(source, cancellationToken).ConfigureAwait(false);
        await using var fromEnd = from.ConfigureAwait(false);
        var directory = await OpenAsync(source, cancellationToken).ConfigureAwait(false);
        await using var directoryEnd = directory.ConfigureAwait(false);
        var to = await OpenAsync(target, cancellationToken).ConfigureAwait(false);
        await using var toEnd = to.ConfigureAwait(false);
        if (from.Database == to.Database && from.DataSource == to.DataSource)
        {
            throw new TenantMoveException($"Source and target are both the database '{from.Database}' of {from.DataSource}; they must be different ones.");
        }

        string[] names = [.. Enumerable.Range(2, TenantOwner.Most - 1).Select(number => TenantOwner.Name(tenant, number))];
        if (await directory.ExecuteScalarAsync<long>(new CommandDefinition(CountOthers, new { names }, cancellationToken: cancellationToken)).ConfigureAwait(false) > 0)
        {
            throw new TenantMoveException($"Tenant '{tenant}' has shards. A move takes one journal, and would leave the others behind.");
        }

        // Without a lock: it only spares what is in vain.
        var switched = await IsSwitchedAsync(directory, to, tenant, cancellationToken).ConfigureAwait(false);
        await from.ExecuteAsync(new CommandDefinition(AddHead, new { tenant }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var began = time.GetTimestamp();
        var fence = await from.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var fenceEnd = fence.ConfigureAwait(false);
        var key = await from.ExecuteScalarAsync<long>(new CommandDefinition(LockHead, new { tenant }, fence, cancellationToken: cancellationToken)).ConfigureAwait(false);

        // Whoever counts the journal into its sums does not lock its head.
        await from.ExecuteAsync(new CommandDefinition(LockSums, new { key }, fence, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var counts = await TenantCopy.CountAsync(from, key, cancellationToken).ConfigureAwait(false);
        if (!switched)
        {
            var arrival = await to.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var arrivalEnd = arrival.ConfigureAwait(false);
            await to.ExecuteAsync(new CommandDefinition(AddHead, new { tenant }, arrival, cancellationToken: cancellationToken)).ConfigureAwait(false);
            var newKey = await to.ExecuteScalarAsync<long>(new CommandDefinition(LockHead, new { tenant }, arrival, cancellationToken: cancellationToken)).ConfigureAwait(false);
            var copy = await TenantCopy.CreateAsync(from, to, tenant, key, newKey, cancellationToken).ConfigureAwait(false);
            var copied = await copy.IsTargetEmptyAsync(cancellationToken).ConfigureAwait(false);
            if (copied)
            {
                await copy.CopyAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!await copy.IsEqualAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new TenantMoveException(copied
                    ? $"The copy of tenant '{tenant}' differs from what it was made of; nothing was changed."
                    : $"The target has records of tenant '{tenant}' that the source has not. Delete it where it is not to stay.");
            }

            await SwitchAsync(directory, to, arrival, tenant, copied, time, cancellationToken).ConfigureAwait(false);
        }

        // The target serves it from here on: what is left must not be broken off.
        await Task.Delay(notice, time, CancellationToken.None).ConfigureAwait(false);
        await from.ExecuteAsync(RetentionSql.Hide, new { key }).ConfigureAwait(false);
        await from.ExecuteAsync(TenantCopy.ForgetSnapshot, new { tenant }).ConfigureAwait(false);
        await from.ExecuteAsync(SharedLearningSql.DeleteTenant, new { tenant }).ConfigureAwait(false);
        await fence.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        var fenced = time.GetElapsedTime(began);
        await PurgeAsync(from, key).ConfigureAwait(false);
        return counts with { Fenced = fenced };
    }

    /// <summary>Whether a move was broken off after the source's directory had forgotten the tenant: then the target has had it since.</summary>
    /// <exception cref="TenantMoveException">The source's directory has no such tenant, and had none.</exception>
    private static async Task<bool> IsSwitchedAsync(NpgsqlConnection directory, NpgsqlConnection to, string tenant, CancellationToken cancellationToken)
    {
        if (await PostgresTenantDirectory.FindTenantAsync(directory, tenant, cancellationToken).ConfigureAwait(false) is not null)
        {
            return false;
        }

        var last = await directory.QueryFirstOrDefaultAsync<string>(new CommandDefinition(LastActor, new { tenant }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        return last == Actor && await PostgresTenantDirectory.FindTenantAsync(to, tenant, cancellationToken).ConfigureAwait(false) is not null
            ? true
            : throw Unknown(tenant);
    }

    /// <summary>Enters document and keys at the target, commits that, and takes them out at the source, which admits no other change of its directory meanwhile.</summary>
    private static async Task SwitchAsync(
        NpgsqlConnection directory, NpgsqlConnection to, NpgsqlTransaction arrival, string tenant, bool copied, TimeProvider time, CancellationToken cancellationToken)
    {
        var departure = await directory.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var departureEnd = departure.ConfigureAwait(false);
        var revision = await directory.ExecuteScalarAsync<long>(new CommandDefinition(LockDirectory, transaction: departure, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var newRevision = await to.ExecuteScalarAsync<long>(new CommandDefinition(LockDirectory, transaction: arrival, cancellationToken: cancellationToken)).ConfigureAwait(false);
        var entry = await PostgresTenantDirectory.FindTenantAsync(directory, tenant, cancellationToken).ConfigureAwait(false);
        var known = await PostgresTenantDirectory.FindTenantAsync(to, tenant, cancellationToken).ConfigureAwait(false);
        if (known is not null && copied)
        {
            throw new TenantMoveException($"The target's directory has a tenant '{tenant}' already. Delete the one that is not to stay.");
        }

        var at = time.GetUtcNow();
        if (known is null)
        {
            if (entry is null)
            {
                throw Unknown(tenant);
            }

            // Numbers of configurations ascend for the tenant's owner, wherever it is.
            newRevision = Math.Max(newRevision, revision);
            var keys = (await directory.QueryAsync<DirectoryRows.KeyRow>(DirectorySql.ListKeys, new { tenant }).ConfigureAwait(false)).Select(row => row.ToKey()).ToList();
            await to.ExecuteAsync(ForgetRevoked, new { ids = keys.Select(key => key.Id).ToArray() }).ConfigureAwait(false);
            await WriteAsync(to, new() { Action = DirectoryAction.CreateTenant, Actor = Actor, At = at, Tenant = tenant, Document = entry.Document }, ++newRevision, null).ConfigureAwait(false);
            foreach (var key in keys)
            {
                await WriteAsync(to, new() { Action = DirectoryAction.CreateKey, Actor = Actor, At = at, Tenant = tenant, Key = key }, ++newRevision, null).ConfigureAwait(false);
            }
        }

        await arrival.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (entry is not null)
        {
            await WriteAsync(directory, new() { Action = DirectoryAction.DeleteTenant, Actor = Actor, At = at, Tenant = tenant }, revision + 1, entry).ConfigureAwait(false);
        }

        await departure.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task WriteAsync(NpgsqlConnection connection, DirectoryWrite write, long revision, DirectoryTenant? tenant)
    {
        foreach (var (sql, parameters) in DirectoryRows.Statements(write, DirectoryRules.Decide(write, revision, tenant, key: null)))
        {
            await connection.ExecuteAsync(sql, parameters).ConfigureAwait(false);
        }
    }

    private static TenantMoveException Unknown(string tenant) =>
        new($"The source's directory has no tenant '{tenant}'. A tenant of a configuration file cannot be moved; make it one of the directory first.");

    private static async Task PurgeAsync(NpgsqlConnection connection, long key)
    {
        foreach (var statement in RetentionSql.Purge)
        {
            while (await connection.ExecuteAsync(statement, new { key }).ConfigureAwait(false) > 0)
            {
            }
        }

        await connection.ExecuteAsync(RetentionSql.Forget, new { key }).ConfigureAwait(false);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await PostgresMigrator.CheckAsync(connection, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
