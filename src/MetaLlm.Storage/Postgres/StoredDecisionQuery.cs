using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Looks decisions up by id, or by what has not become of them.</summary>
internal static class StoredDecisionQuery
{
    public static async Task<StoredDecision?> FindAsync(
        NpgsqlConnection connection, string tenant, string decisionId, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(StoredDecisionSql.ById, new { tenant, decisionId }, cancellationToken: cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<StoredDecisionRow>(query).ConfigureAwait(false);
        return row?.ToDecision(tenant);
    }

    public static async Task<IReadOnlyList<StoredDecision>> FindAsync(
        NpgsqlConnection connection, string tenant, string[] decisionIds, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(StoredDecisionSql.ByIdsOfArray, new { tenant, decisionIds }, cancellationToken: cancellationToken);
        var rows = await connection.QueryAsync<StoredDecisionRow>(query).ConfigureAwait(false);
        return [.. rows.Select(row => row.ToDecision(tenant))];
    }

    public static async Task<IReadOnlyList<string>> FindUnsettledAsync(
        NpgsqlConnection connection, string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(StoredDecisionSql.Unsettled, new { tenant, before = before.UtcTicks, limit }, cancellationToken: cancellationToken);
        return (await connection.QueryAsync<string>(query).ConfigureAwait(false)).AsList();
    }

    public static async Task<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        NpgsqlConnection connection, string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(
            StoredDecisionSql.Unrewarded,
            new { tenant, afterOrdinal, afterAt = after.At.UtcTicks, afterOrdinalAt = after.Ordinal, before = before.UtcTicks, limit },
            cancellationToken: cancellationToken);
        return [.. (await connection.QueryAsync<UnrewardedRow>(query).ConfigureAwait(false)).Select(row => row.ToDecision())];
    }

    public static async Task<IReadOnlyList<JournalHead>> ReadHeadsAsync(NpgsqlConnection connection, string[] tenants, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(StoredDecisionSql.HeadsOfArray, new { tenants }, cancellationToken: cancellationToken);
        return [.. (await connection.QueryAsync<(string Tenant, long LastOrdinal, long LastSequence, long BaseSequence)>(query).ConfigureAwait(false))
            .Select(row => new JournalHead(row.Tenant, row.LastOrdinal, row.LastSequence, row.BaseSequence))];
    }

    public static async Task<IReadOnlyList<string>> FindTenantsWithUnsettledAsync(
        NpgsqlConnection connection, string[] tenants, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(
            StoredDecisionSql.TenantsWithUnsettledOfArray, new { tenants, before = before.UtcTicks }, cancellationToken: cancellationToken);
        return (await connection.QueryAsync<string>(query).ConfigureAwait(false)).AsList();
    }
}
