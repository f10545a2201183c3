using Dapper;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Looks decisions up by id, or by what has not become of them.</summary>
internal static class StoredDecisionQuery
{
    private const string ById = """
        SELECT d.ordinal, d.applied_sequence AS AppliedSequence, d.decided_at AS DecidedAt, d.feature_schema AS FeatureSchema,
               d.context, d.pinned, d.chosen_arm AS ChosenArm, d.record,
               d.served_arm AS ServedArm, d.reserved_usd AS ReservedUsd, d.reward, d.feedback_count AS FeedbackCount,
               d.reward_weight AS RewardWeight,
               e.sequence AS SettledSequence, e.outcome, e.input_tokens AS InputTokens, e.cached_tokens AS CachedTokens,
               e.output_tokens AS OutputTokens, e.cost_usd AS CostUsd, e.latency_seconds AS LatencySeconds
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        LEFT JOIN events e ON e.tenant_key = d.tenant_key AND e.sequence = d.settled_sequence
        WHERE t.tenant = @tenant AND d.decision_id = @decisionId
        """;

    private const string Unsettled = """
        SELECT d.decision_id
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        WHERE t.tenant = @tenant AND d.settled_sequence IS NULL AND d.decided_at < @before
        ORDER BY d.decided_at, d.ordinal
        LIMIT @limit
        """;

    private const string Unrewarded = """
        SELECT d.ordinal, d.decision_id AS DecisionId
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        JOIN events e ON e.tenant_key = d.tenant_key AND e.sequence = d.settled_sequence
        WHERE t.tenant = @tenant AND d.ordinal > @afterOrdinal AND d.reward IS NULL AND d.decided_at < @before AND e.outcome = 0
        ORDER BY d.ordinal
        LIMIT @limit
        """;

    public static async Task<StoredDecision?> FindAsync(
        NpgsqlConnection connection, string tenant, string decisionId, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(ById, new { tenant, decisionId }, cancellationToken: cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<Row>(query).ConfigureAwait(false) is not { } row)
            return null;

        var columns = new DecisionColumns(
            tenant,
            decisionId,
            row.Ordinal,
            row.AppliedSequence,
            new DateTimeOffset(row.DecidedAt, TimeSpan.Zero),
            row.FeatureSchema,
            DecisionCodec.DecodeContext(row.Context),
            row.Pinned,
            row.ChosenArm);
        return new StoredDecision
        {
            Decision = DecisionCodec.Decode(columns, row.Record),
            ServedArm = row.ServedArm,
            ReservedUsd = row.ReservedUsd,
            Settlement = row.SettledSequence is null ? null : new Settlement
            {
                DecisionId = decisionId,
                Outcome = (CallOutcome)row.Outcome,
                Usage = new TokenUsage(row.InputTokens, row.CachedTokens, row.OutputTokens),
                CostUsd = row.CostUsd,
                LatencySeconds = row.LatencySeconds,
            },
            Reward = row.Reward,
            FeedbackCount = row.FeedbackCount,
            RewardWeight = row.RewardWeight ?? 1,
        };
    }

    public static async Task<IReadOnlyList<string>> FindUnsettledAsync(
        NpgsqlConnection connection, string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(Unsettled, new { tenant, before = before.UtcTicks, limit }, cancellationToken: cancellationToken);
        return (await connection.QueryAsync<string>(query).ConfigureAwait(false)).AsList();
    }

    public static async Task<IReadOnlyList<UnrewardedDecision>> FindUnrewardedAsync(
        NpgsqlConnection connection, string tenant, long afterOrdinal, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var query = new CommandDefinition(
            Unrewarded, new { tenant, afterOrdinal, before = before.UtcTicks, limit }, cancellationToken: cancellationToken);
        var rows = await connection.QueryAsync<UnrewardedRow>(query).ConfigureAwait(false);
        return [.. rows.Select(row => new UnrewardedDecision(row.Ordinal, row.DecisionId))];
    }

    private sealed class Row
    {
        public long Ordinal { get; init; }

        public long AppliedSequence { get; init; }

        public long DecidedAt { get; init; }

        public string FeatureSchema { get; init; } = "";

        public byte[] Context { get; init; } = [];

        public bool Pinned { get; init; }

        public string ChosenArm { get; init; } = "";

        public byte[] Record { get; init; } = [];

        public string ServedArm { get; init; } = "";

        public double ReservedUsd { get; init; }

        public double? Reward { get; init; }

        public int FeedbackCount { get; init; }

        public double? RewardWeight { get; init; }

        public long? SettledSequence { get; init; }

        public short Outcome { get; init; }

        public double InputTokens { get; init; }

        public double CachedTokens { get; init; }

        public double OutputTokens { get; init; }

        public double CostUsd { get; init; }

        public double? LatencySeconds { get; init; }
    }

    private sealed class UnrewardedRow
    {
        public long Ordinal { get; init; }

        public string DecisionId { get; init; } = "";
    }
}
