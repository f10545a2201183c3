using System.Text.Json;
using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Looks decisions up by id, or by what has not become of them.</summary>
internal static class StoredDecisionQuery
{
    public static StoredDecision? Find(SqliteConnection connection, string tenant, string decisionId) =>
        connection.QuerySingleOrDefault<StoredDecisionRow>(StoredDecisionSql.ById, new { tenant, decisionId })?.ToDecision(tenant);

    public static IReadOnlyList<StoredDecision> Find(SqliteConnection connection, string tenant, IReadOnlyList<string> decisionIds) =>
        [.. connection.Query<StoredDecisionRow>(StoredDecisionSql.ByIdsOfJson, new { tenant, decisionIds = JsonSerializer.Serialize(decisionIds) })
            .Select(row => row.ToDecision(tenant))];

    public static IReadOnlyList<string> FindUnsettled(SqliteConnection connection, string tenant, DateTimeOffset before, int limit) =>
        connection.Query<string>(StoredDecisionSql.Unsettled, new { tenant, before = before.UtcTicks, limit }).AsList();

    public static IReadOnlyList<UnrewardedDecision> FindUnrewarded(
        SqliteConnection connection, string tenant, long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit) =>
        [.. connection.Query<UnrewardedRow>(
            StoredDecisionSql.Unrewarded,
            new { tenant, afterOrdinal, afterAt = after.At.UtcTicks, afterOrdinalAt = after.Ordinal, before = before.UtcTicks, limit })
            .Select(row => row.ToDecision())];

    public static IReadOnlyList<JournalHead> ReadHeads(SqliteConnection connection, IReadOnlyList<string> tenants) =>
        [.. connection.Query<(string Tenant, long LastOrdinal, long LastSequence, long BaseSequence)>(StoredDecisionSql.HeadsOfJson, new { tenants = JsonSerializer.Serialize(tenants) })
            .Select(row => new JournalHead(row.Tenant, row.LastOrdinal, row.LastSequence, row.BaseSequence))];

    public static IReadOnlyList<string> FindTenantsWithUnsettled(SqliteConnection connection, IReadOnlyList<string> tenants, DateTimeOffset before) =>
        connection.Query<string>(
            StoredDecisionSql.TenantsWithUnsettledOfJson, new { tenants = JsonSerializer.Serialize(tenants), before = before.UtcTicks }).AsList();
}
