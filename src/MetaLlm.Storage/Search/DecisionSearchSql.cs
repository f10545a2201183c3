using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Search;

/// <summary>
/// The questions of searches, in what both dialects of SQL understand. They walk the primary key and need no index of their own, so that no decision pays for them. Ordinals have no gaps,
/// and times ascend with them: a time's place is found by halving.
/// </summary>
internal static class DecisionSearchSql
{
    /// <summary><see cref="DecisionSearchEnds"/>. No row of an owner that is unknown.</summary>
    public const string Ends = """
        SELECT COALESCE((SELECT d.ordinal FROM decisions d WHERE d.tenant_key = t.tenant_key ORDER BY d.ordinal LIMIT 1), t.last_ordinal + 1) AS Low, t.last_ordinal + 1 AS High
        FROM tenants t
        WHERE t.tenant = @owner
        """;

    /// <summary>The first ordinal of a range whose decision was made at a time or later; the range's end where there is none.</summary>
    public const string Place = """
        WITH RECURSIVE probe(low, high) AS (
            SELECT CAST(@low AS bigint), CAST(@high AS bigint)
            UNION ALL
            SELECT CASE WHEN d.decided_at < @at THEN (p.low + p.high) / 2 + 1 ELSE p.low END, CASE WHEN d.decided_at < @at THEN p.high ELSE (p.low + p.high) / 2 END
            FROM probe p
            JOIN tenants t ON t.tenant = @owner
            LEFT JOIN decisions d ON d.tenant_key = t.tenant_key AND d.ordinal = (p.low + p.high) / 2
            WHERE p.low < p.high
        )
        SELECT low FROM probe WHERE low >= high
        """;

    /// <summary>A <see cref="DecisionSearchRow"/> for each decision of a range that fits, newest first.</summary>
    /// <param name="query">The search.</param>
    public static string Rows(DecisionSearchQuery query) => $"""
        SELECT d.decision_id AS DecisionId, d.ordinal, d.decided_at AS DecidedAt, d.chosen_arm AS ChosenArm, d.served_arm AS ServedArm, d.pinned, d.propensity,
               d.reward, d.feedback_count AS FeedbackCount, {(query.NeedsRecords ? "d.record" : "NULL")} AS Record,
               e.outcome, e.cost_usd AS CostUsd, e.latency_seconds AS LatencySeconds
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        LEFT JOIN events e ON e.tenant_key = d.tenant_key AND e.sequence = d.settled_sequence
        WHERE t.tenant = @owner AND d.ordinal >= @low AND d.ordinal < @high{(query.From is null ? "" : " AND d.decided_at >= @from")}{(query.To is null ? "" : " AND d.decided_at < @to")}{(query.Arm is null ? "" : " AND d.served_arm = @arm")}
        ORDER BY d.ordinal DESC{(query.Task is null ? " LIMIT @limit" : "")}
        """;
}
