using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;

namespace MetaLlm.Storage.Usage;

/// <summary>The statements of sums per hour, in what both dialects of SQL understand.</summary>
internal static class UsageSumSql
{
    private const string Columns = "requests, settled, failed_attempts, input_tokens, cached_tokens, output_tokens, spent_usd, wasted_usd, rewards, reward_sum, reward_squares, exploration_usd, latencies, latency_seconds";

    /// <summary>How far a tenant's journal has come, and how far it has been counted.</summary>
    private const string Head = """
        SELECT t.tenant_key AS Key, t.last_ordinal AS LastOrdinal, t.last_sequence AS LastSequence, COALESCE(p.ordinal, 0) AS Ordinal, COALESCE(p.sequence, 0) AS Sequence
        FROM tenants t LEFT JOIN usage_positions p ON p.tenant_key = t.tenant_key
        """;

    /// <summary>One tenant's head by its key.</summary>
    public const string HeadOfKey = Head + " WHERE t.tenant_key = @key";

    /// <summary>A slice of decisions that were not counted.</summary>
    public const string Decisions = """
        SELECT d.ordinal AS Ordinal, d.decided_at AS DecidedAt, d.feature_schema AS FeatureSchema, d.pinned AS Pinned, d.chosen_arm AS ChosenArm, d.record AS Record
        FROM decisions d
        WHERE d.tenant_key = @key AND d.ordinal > @after AND d.ordinal <= @through
        ORDER BY d.ordinal
        LIMIT @limit
        """;

    /// <summary>
    /// A slice of events that were not counted, with what never changes of their decisions. A reward counts only where it takes another one's place that counted: a default does not, and
    /// where a client has spoken before, what was in force is the client's. A reroute takes the reward in force with it.
    /// </summary>
    public const string Events = """
        SELECT e.sequence AS Sequence, e.kind AS Kind, e.served_arm AS ServedArm, e.to_arm AS ToArm, e.decision_ordinal AS Ordinal, d.decided_at AS DecidedAt, d.record AS Record,
               e.input_tokens AS InputTokens, e.cached_tokens AS CachedTokens, e.output_tokens AS OutputTokens, e.cost_usd AS CostUsd, e.latency_seconds AS LatencySeconds, e.attempts AS Attempts,
               CASE WHEN e.kind = 4 AND e.defaulted IS NULL THEN e.reward ELSE NULL END AS Reward,
               CASE WHEN e.kind = 4 AND e.previous_reward IS NOT NULL AND EXISTS (
                    SELECT 1 FROM feedback f WHERE f.tenant_key = e.tenant_key AND f.decision_ordinal = e.decision_ordinal AND f.sequence < e.sequence)
                    THEN e.previous_reward ELSE NULL END AS PreviousReward,
               CASE WHEN e.kind = 2 THEN (
                    SELECT CASE WHEN r.defaulted IS NULL THEN r.reward ELSE NULL END
                    FROM feedback f JOIN events r ON r.tenant_key = f.tenant_key AND r.sequence = f.sequence
                    WHERE f.tenant_key = e.tenant_key AND f.decision_ordinal = e.decision_ordinal AND f.sequence < e.sequence
                    ORDER BY f.sequence DESC LIMIT 1) ELSE NULL END AS MovedReward
        FROM events e
        JOIN decisions d ON d.tenant_key = e.tenant_key AND d.ordinal = e.decision_ordinal
        WHERE e.tenant_key = @key AND e.sequence > @after AND e.sequence <= @through AND e.kind IN (2, 3, 4)
        ORDER BY e.sequence
        LIMIT @limit
        """;

    /// <summary>Makes sure that a tenant has a position.</summary>
    public const string Begin = "INSERT INTO usage_positions (tenant_key, ordinal, sequence) VALUES (@key, 0, 0) ON CONFLICT (tenant_key) DO NOTHING";

    /// <summary>Moves a position, if nobody else has.</summary>
    public const string Advance = """
        UPDATE usage_positions SET ordinal = @ordinal, sequence = @sequence
        WHERE tenant_key = @key AND ordinal = @fromOrdinal AND sequence = @fromSequence AND EXISTS (SELECT 1 FROM tenants t WHERE t.tenant_key = @key)
        """;

    /// <summary>Adds to a sum.</summary>
    public const string Add = $"""
        INSERT INTO usage_sums AS u (tenant_key, dimension, hour, name, {Columns}, first_ordinal, last_ordinal)
        VALUES (@Key, @Dimension, @Hour, @Name, @Requests, @Settled, @FailedAttempts, @InputTokens, @CachedTokens, @OutputTokens, @SpentUsd, @WastedUsd, @Rewards, @RewardSum, @RewardSquares,
                @ExplorationUsd, @Latencies, @LatencySeconds, @FirstOrdinal, @LastOrdinal)
        ON CONFLICT (tenant_key, dimension, hour, name) DO UPDATE SET
            requests = u.requests + excluded.requests, settled = u.settled + excluded.settled, failed_attempts = u.failed_attempts + excluded.failed_attempts,
            input_tokens = u.input_tokens + excluded.input_tokens, cached_tokens = u.cached_tokens + excluded.cached_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
            spent_usd = u.spent_usd + excluded.spent_usd, wasted_usd = u.wasted_usd + excluded.wasted_usd,
            rewards = u.rewards + excluded.rewards, reward_sum = u.reward_sum + excluded.reward_sum, reward_squares = u.reward_squares + excluded.reward_squares,
            exploration_usd = u.exploration_usd + excluded.exploration_usd, latencies = u.latencies + excluded.latencies, latency_seconds = u.latency_seconds + excluded.latency_seconds,
            first_ordinal = CASE WHEN excluded.first_ordinal < u.first_ordinal THEN excluded.first_ordinal ELSE u.first_ordinal END,
            last_ordinal = CASE WHEN excluded.last_ordinal > u.last_ordinal THEN excluded.last_ordinal ELSE u.last_ordinal END
        """;

    private const string Totals = """
        CAST(SUM(u.requests) AS bigint) AS Requests, CAST(SUM(u.settled) AS bigint) AS Settled, CAST(SUM(u.failed_attempts) AS bigint) AS FailedAttempts,
        SUM(u.input_tokens) AS InputTokens, SUM(u.cached_tokens) AS CachedTokens, SUM(u.output_tokens) AS OutputTokens, SUM(u.spent_usd) AS SpentUsd, SUM(u.wasted_usd) AS WastedUsd,
        CAST(SUM(u.rewards) AS bigint) AS Rewards, SUM(u.reward_sum) AS RewardSum, SUM(u.reward_squares) AS RewardSquares, SUM(u.exploration_usd) AS ExplorationUsd,
        CAST(SUM(u.latencies) AS bigint) AS Latencies, SUM(u.latency_seconds) AS LatencySeconds
        """;

    /// <summary>The other owners of a tenant with several.</summary>
    private static readonly string Others = string.Join(", ", Enumerable.Range(2, TenantOwner.Most - 1).Select(number => FormattableString.Invariant($"@tenant || '{TenantOwner.Mark}{number}'")));

    /// <summary>Heads of journals that have come further than they have been counted.</summary>
    public static string Behind(string? tenant) => $"""
        {Head}
        WHERE {Of(tenant)} AND (t.last_ordinal > COALESCE(p.ordinal, 0) OR t.last_sequence > COALESCE(p.sequence, 0))
        ORDER BY t.tenant_key
        """;

    /// <summary>Sums of some hours.</summary>
    public static string Sums(UsageSumQuery query)
    {
        var bucket = query.Bucket == UsageBucket.Span ? "@from" : FormattableString.Invariant($"u.hour / {(int)query.Bucket} * {(int)query.Bucket}");
        return $"""
            SELECT t.tenant AS Tenant, CAST({bucket} AS bigint) AS Hour, u.name AS Name, {Totals}
            FROM tenants t JOIN usage_sums u ON u.tenant_key = t.tenant_key
            WHERE {Of(query.Tenant)} AND u.dimension = {(int)query.By} AND u.hour >= @from AND u.hour < @to
            GROUP BY t.tenant, {(query.Bucket == UsageBucket.Span ? "" : bucket + ", ")}u.name
            HAVING SUM(u.requests) <> 0 OR SUM(u.failed_attempts) <> 0
            """;
    }

    /// <summary>Which of a table <c>t</c> of tenants are meant; those of side tenants only by their own names.</summary>
    public static string Of(string? tenant) => tenant is null ? string.Join(" AND ", SideTenant.Suffixes.Select(suffix => $"t.tenant NOT LIKE '%{suffix}'")) : $"t.tenant IN (@tenant, {Others})";
}
