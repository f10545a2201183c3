using MetaLlm.Core.Tenancy;

namespace MetaLlm.Storage.Codecs;

/// <summary>The questions about decisions, in what both dialects of SQL understand, but for lists.</summary>
internal static class StoredDecisionSql
{
    /// <summary>A <see cref="StoredDecisionRow"/> by id.</summary>
    public const string ById = $"{OfTenant} AND d.decision_id = @decisionId";

    /// <summary>A <see cref="StoredDecisionRow"/> for each of some ids, in the order of the decisions; the ids are an array.</summary>
    public const string ByIdsOfArray = $"{OfTenant} AND d.decision_id = ANY(@decisionIds) ORDER BY d.ordinal";

    /// <summary>The same, where there are no arrays; the ids are a JSON array.</summary>
    public const string ByIdsOfJson = $"{OfTenant} AND d.decision_id IN (SELECT value FROM json_each(@decisionIds)) ORDER BY d.ordinal";

    /// <summary>Ids of the decisions whose calls have not ended, oldest first.</summary>
    public const string Unsettled = """
        SELECT d.decision_id
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        WHERE t.tenant = @tenant AND d.settled_sequence IS NULL AND d.decided_at < @before
        ORDER BY d.decided_at, d.ordinal
        LIMIT @limit
        """;

    /// <summary>Heads of an array of tenants.</summary>
    public const string HeadsOfArray = $"{Heads} WHERE t.tenant = ANY(@tenants)";

    /// <summary>The same, where there are no arrays; the tenants are a JSON array.</summary>
    public const string HeadsOfJson = $"{Heads} WHERE t.tenant IN (SELECT value FROM json_each(@tenants))";

    /// <summary>Those of an array of tenants that have decisions whose calls have not ended.</summary>
    public const string TenantsWithUnsettledOfArray = $"SELECT t.tenant FROM tenants t WHERE t.tenant = ANY(@tenants) AND {HasUnsettled}";

    /// <summary>The same, where there are no arrays; the tenants are a JSON array.</summary>
    public const string TenantsWithUnsettledOfJson =
        $"SELECT t.tenant FROM tenants t WHERE t.tenant IN (SELECT value FROM json_each(@tenants)) AND {HasUnsettled}";

    /// <summary>An <see cref="UnrewardedRow"/> for each answered decision of a policy without a reward, oldest first. What it walks through is what the index decisions_unrewarded holds.</summary>
    public const string Unrewarded = $"""
        SELECT d.ordinal, d.decision_id AS DecisionId, d.decided_at AS DecidedAt
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        JOIN events e ON e.tenant_key = d.tenant_key AND e.sequence = d.settled_sequence
        WHERE t.tenant = @tenant AND d.reward IS NULL AND d.settled_sequence IS NOT NULL
            AND (d.decided_at, d.ordinal) > (@afterAt, @afterOrdinalAt) AND d.decided_at < @before
            AND d.ordinal > @afterOrdinal AND e.outcome = 0 AND d.feature_schema <> '{DecisionRecord.NoFeatures}'
        ORDER BY d.decided_at, d.ordinal
        LIMIT @limit
        """;

    /// <summary>A <see cref="StoredDecisionRow"/> with the sequence of its last feedback, for each of the first decisions, in order.</summary>
    public const string First = $"""
        SELECT {Columns},
            (SELECT max(f.sequence) FROM feedback f WHERE f.tenant_key = d.tenant_key AND f.decision_ordinal = d.ordinal) AS FeedbackSequence
        {Joined} AND d.ordinal <= @through ORDER BY d.ordinal
        """;

    private const string Heads = "SELECT t.tenant, t.last_ordinal, t.last_sequence, t.base_sequence FROM tenants t";

    private const string HasUnsettled =
        "EXISTS (SELECT 1 FROM decisions d WHERE d.tenant_key = t.tenant_key AND d.settled_sequence IS NULL AND d.decided_at < @before)";

    private const string Columns = """
        d.decision_id AS DecisionId, d.ordinal, d.applied_sequence AS AppliedSequence, d.decided_at AS DecidedAt,
        d.feature_schema AS FeatureSchema, d.context, d.pinned, d.chosen_arm AS ChosenArm, d.record,
        d.served_arm AS ServedArm, d.reserved_usd AS ReservedUsd, d.bound_usd AS BoundUsd, d.reward, d.feedback_count AS FeedbackCount,
        d.reward_weight AS RewardWeight, d.verdicts,
        e.sequence AS SettledSequence, e.outcome, e.input_tokens AS InputTokens, e.cached_tokens AS CachedTokens,
        e.output_tokens AS OutputTokens, e.cost_usd AS CostUsd, e.latency_seconds AS LatencySeconds, e.attempts
        """;

    private const string Joined = """
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        LEFT JOIN events e ON e.tenant_key = d.tenant_key AND e.sequence = d.settled_sequence
        WHERE t.tenant = @tenant
        """;

    private const string OfTenant = $"SELECT {Columns} {Joined}";
}
