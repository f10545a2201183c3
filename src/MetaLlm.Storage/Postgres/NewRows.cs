using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>What a transaction writes, one statement for each table.</summary>
internal static class NewRows
{
    private const string InsertDecisions = """
        INSERT INTO decisions (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm,
            record, served_arm, reserved_usd, bound_usd)
        SELECT n.tenant_key, n.ordinal, n.decision_id, n.applied_sequence, n.decided_at, n.feature_schema, n.context, n.propensity, n.pinned,
            n.chosen_arm, n.record, n.chosen_arm, n.reserved_usd, n.bound_usd
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS n (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm,
            record, reserved_usd, bound_usd)
        """;

    private const string InsertEvents = $"""
        INSERT INTO events ({JournalRows.NewEventColumns})
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
        """;

    private const string InsertFeedback = """
        INSERT INTO feedback (tenant_key, decision_ordinal, idempotency_key, sequence, label, comment)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        """;

    public static NpgsqlBatchCommand Of(IReadOnlyList<DecisionRow> rows) => new NpgsqlBatchCommand(InsertDecisions)
        .Column([.. rows.Select(row => row.Head.Key)])
        .Column([.. rows.Select(row => row.Encoded.Decision.Ordinal)])
        .Column([.. rows.Select(row => row.Encoded.Decision.DecisionId)])
        .Column([.. rows.Select(row => row.Encoded.Decision.AppliedSequence)])
        .Column([.. rows.Select(row => row.Encoded.Decision.At.UtcTicks)])
        .Column([.. rows.Select(row => row.Encoded.Decision.FeatureSchema)])
        .Column([.. rows.Select(row => row.Encoded.Context)])
        .Column([.. rows.Select(row => row.Encoded.Decision.Propensity)])
        .Column([.. rows.Select(row => row.Encoded.Decision.Pinned)])
        .Column([.. rows.Select(row => row.Encoded.Decision.ChosenArm)])
        .Column([.. rows.Select(row => row.Encoded.Record)])
        .Column([.. rows.Select(row => row.Encoded.Decision.ReservedUsd)])
        .Column([.. rows.Select(row => row.Encoded.Decision.BoundUsd)]);

    public static NpgsqlBatchCommand Of(IReadOnlyList<EventRow> rows) => new NpgsqlBatchCommand(InsertEvents)
        .Column([.. rows.Select(row => row.Head.Key)])
        .Column([.. rows.Select(row => row.Event.Sequence)])
        .Column([.. rows.Select(row => (short)JournalRows.KindOf(row.Event))])
        .Column([.. rows.Select(row => row.Event.At.UtcTicks)])
        .Column([.. rows.Select(row => JournalRows.FactsOf(row.Event)?.Ordinal)])
        .Column([.. rows.Select(row => JournalRows.FactsOf(row.Event)?.ServedArm)])
        .Column([.. rows.Select(row => JournalRows.FactsOf(row.Event)?.ReservedUsd)])
        .Column([.. rows.Select(row => JournalRows.FactsOf(row.Event)?.SettledUsd)])
        .Column([.. rows.Select(row => row.Event is ConfiguredEvent ? row.Encoded : null)])
        .Column([.. rows.Select(row => (row.Event as ReroutedEvent)?.ToArm)])
        .Column([.. rows.Select(row => (row.Event as ReroutedEvent)?.ReservedUsd)])
        .Column([.. rows.Select(row => (row.Event as ReroutedEvent)?.Reason)])
        .Column([.. rows.Select(row => (short?)(row.Event as SettledEvent)?.Outcome)])
        .Column([.. rows.Select(row => (row.Event as SettledEvent)?.Usage.Input)])
        .Column([.. rows.Select(row => (row.Event as SettledEvent)?.Usage.CachedInput)])
        .Column([.. rows.Select(row => (row.Event as SettledEvent)?.Usage.Output)])
        .Column([.. rows.Select(row => (row.Event as SettledEvent)?.CostUsd)])
        .Column([.. rows.Select(row => JournalRows.LatencyOf(row.Event as SettledEvent))])
        .Column([.. rows.Select(row => (row.Event as RewardedEvent)?.Reward)])
        .Column([.. rows.Select(row => (row.Event as RewardedEvent)?.PreviousReward)])
        .Column([.. rows.Select(row => row.Event is WarmStartedEvent or QuizzedEvent or TookInEvent or EvidencedEvent or ComparedEvent ? row.Encoded : null)])
        .Column([.. rows.Select(row => (row.Event as RewardedEvent)?.Weight)])
        .Column([.. rows.Select(row => (row.Event as RewardedEvent)?.PreviousWeight)])
        .Column([.. rows.Select(row => JournalRows.StandingOf(row.Event))])
        .Column([.. rows.Select(row => JournalRows.FactsOf(row.Event)?.BoundUsd)])
        .Column([.. rows.Select(row => (row.Event as ReroutedEvent)?.BoundUsd)])
        .Column([.. rows.Select(row => row.Event is SettledEvent settled ? AttemptsCodec.Encode(settled.FailedAttempts, settled.Deployment, settled.Weighed) : null)])
        .Column([.. rows.Select(row => (row.Event as RewardedEvent)?.Verdicts)]);

    public static NpgsqlBatchCommand Of(IReadOnlyList<FeedbackRow> rows) => new NpgsqlBatchCommand(InsertFeedback)
        .Column([.. rows.Select(row => row.Head.Key)])
        .Column([.. rows.Select(row => row.Ordinal)])
        .Column([.. rows.Select(row => row.Key)])
        .Column([.. rows.Select(row => row.Feedback.Sequence)])
        .Column([.. rows.Select(row => row.Feedback.Label)])
        .Column([.. rows.Select(row => row.Feedback.Comment)]);
}
