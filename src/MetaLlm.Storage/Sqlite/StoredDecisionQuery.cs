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
        SqliteConnection connection, string tenant, long afterOrdinal, DateTimeOffset before, int limit) =>
        connection.Query<UnrewardedDecision>(StoredDecisionSql.Unrewarded, new { tenant, afterOrdinal, before = before.UtcTicks, limit }).AsList();
}
