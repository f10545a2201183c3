using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Storage.Usage;

/// <summary>The questions of usage reports, in what both dialects of SQL understand.</summary>
internal static class UsageSql
{
    /// <summary>Ticks of a day.</summary>
    private const string Day = "864000000000";

    /// <summary>The other owners of a tenant with several.</summary>
    private static readonly string Others = string.Join(", ", Enumerable.Range(2, TenantOwner.Most - 1).Select(number => FormattableString.Invariant($"@tenant || '{TenantOwner.Mark}{number}'")));

    /// <summary>Whether what a row stands for is inside the record of a decision, where the server does not see it.</summary>
    public static bool InRecord(UsageQuery query) => query.By is UsageGrouping.Task or UsageGrouping.Key;

    /// <summary>Sums by group, added up by the server.</summary>
    public static string Sums(UsageQuery query) => $"""
        SELECT {Group(query.By)} AS "Group", COUNT(*) AS Requests,
               SUM(COALESCE(s.input_tokens, 0.0)) AS InputTokens, SUM(COALESCE(s.cached_tokens, 0.0)) AS CachedInputTokens, SUM(COALESCE(s.output_tokens, 0.0)) AS OutputTokens,
               SUM(COALESCE(s.cost_usd, 0.0)) AS CostUsd,
               SUM(CASE WHEN d.reward IS NOT NULL AND d.feedback_count > 0 THEN 1 ELSE 0 END) AS Rewards,
               SUM(CASE WHEN d.feedback_count > 0 THEN COALESCE(d.reward, 0.0) ELSE 0.0 END) AS RewardSum
        {From(query, "LEFT JOIN")}
        GROUP BY {Group(query.By)}
        """;

    /// <summary>Attempts that gave no answer, by group.</summary>
    public static string Attempts(UsageQuery query) => $"""
        SELECT {(InRecord(query) ? "''" : Group(query.By))} AS "Group", s.attempts AS Attempts{(InRecord(query) ? ", d.record AS Record" : "")}
        {From(query, "JOIN")} AND s.attempts IS NOT NULL
        """;

    /// <summary>Every decision by itself, for what stands inside its record.</summary>
    public static string Rows(UsageQuery query) => $"""
        SELECT d.record AS Record, s.input_tokens AS InputTokens, s.cached_tokens AS CachedInputTokens, s.output_tokens AS OutputTokens, s.cost_usd AS CostUsd,
               CASE WHEN d.feedback_count > 0 THEN d.reward ELSE NULL END AS Reward
        {From(query, "LEFT JOIN")}
        """;

    private static string From(UsageQuery query, string join) => $"""
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        {join} events s ON s.tenant_key = d.tenant_key AND s.sequence = d.settled_sequence
        WHERE d.decided_at >= @from AND d.decided_at < @to{(query.Tenant is null ? $" AND t.tenant NOT LIKE '%{ShadowTenant.Suffix}' AND t.tenant NOT LIKE '%{JudgeTenant.Suffix}'" : " AND t.tenant IN (@tenant, " + Others + ")")}
        """;

    private static string Group(UsageGrouping by) => by switch
    {
        UsageGrouping.Day => $"CAST(d.decided_at / {Day} AS varchar)",
        UsageGrouping.Model => "d.served_arm",
        UsageGrouping.Tenant => "t.tenant",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "The server cannot group by it."),
    };
}
