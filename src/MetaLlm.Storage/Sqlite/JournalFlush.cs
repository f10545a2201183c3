using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Writes what a transaction holds.</summary>
internal sealed class JournalFlush(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _insertTenant = new(connection, """
        INSERT INTO tenants (tenant, tenant_key)
        SELECT ?1, 1 + max(coalesce((SELECT max(tenant_key) FROM tenants), 0), coalesce((SELECT max(tenant_key) FROM deleted_tenants), 0))
        RETURNING tenant_key
        """);

    private readonly PreparedStatement _moveHead = new(connection, "UPDATE tenants SET last_ordinal = ?2, last_sequence = ?3 WHERE tenant_key = ?1");

    private readonly PreparedStatement _insertDecision = new(connection, """
        INSERT INTO decisions (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm,
            record, served_arm, reserved_usd, bound_usd)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?10, ?12, ?13)
        """);

    private readonly PreparedStatement _insertEvent = new(connection, $"""
        INSERT INTO events ({JournalRows.NewEventColumns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)
        """);

    private readonly PreparedStatement _insertFeedback = new(connection,
        "INSERT INTO feedback (tenant_key, decision_ordinal, idempotency_key, sequence, label, comment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly PreparedStatement _updateDecision = new(connection, """
        UPDATE decisions
        SET served_arm = ?3, reserved_usd = ?4, settled_sequence = ?5, settled_usd = ?6, reward = ?7, feedback_count = ?8, reward_weight = ?9,
            bound_usd = ?10, verdicts = ?11
        WHERE tenant_key = ?1 AND ordinal = ?2
        """);

    public void Flush(JournalTransaction transaction)
    {
        foreach (var head in transaction.Heads)
        {
            if (head.Moved)
            {
                Move(head);
            }
        }

        foreach (var (head, encoded) in transaction.Decisions)
        {
            Insert(head, encoded);
        }

        foreach (var row in transaction.Events)
        {
            Insert(row);
        }

        foreach (var row in transaction.Feedback)
        {
            Insert(row);
        }

        foreach (var head in transaction.Heads)
        {
            foreach (var decision in head.Decisions)
            {
                if (decision.Changed)
                {
                    Update(head, decision);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var statement in (PreparedStatement[])[_insertTenant, _moveHead, _insertDecision, _insertEvent, _insertFeedback, _updateDecision])
        {
            statement.Dispose();
        }
    }

    private void Move(TenantHead head)
    {
        if (head.Key == 0)
        {
            _insertTenant.Bind(1, head.Tenant);
            _insertTenant.Step();
            head.Key = _insertTenant.Long(0);
            _insertTenant.Step();
        }

        _moveHead.Bind(1, head.Key);
        _moveHead.Bind(2, head.LastOrdinal);
        _moveHead.Bind(3, head.LastSequence);
        _moveHead.Execute();
    }

    private void Insert(TenantHead head, in EncodedDecision encoded)
    {
        var decision = encoded.Decision;
        _insertDecision.Bind(1, head.Key);
        _insertDecision.Bind(2, decision.Ordinal);
        _insertDecision.Bind(3, decision.DecisionId);
        _insertDecision.Bind(4, decision.AppliedSequence);
        _insertDecision.Bind(5, decision.At.UtcTicks);
        _insertDecision.Bind(6, decision.FeatureSchema);
        _insertDecision.Bind(7, encoded.Context);
        _insertDecision.Bind(8, decision.Propensity);
        _insertDecision.Bind(9, decision.Pinned ? 1L : 0L);
        _insertDecision.Bind(10, decision.ChosenArm);
        _insertDecision.Bind(11, encoded.Record.Span);
        _insertDecision.Bind(12, decision.ReservedUsd);
        _insertDecision.Bind(13, decision.BoundUsd);
        _insertDecision.Execute();
    }

    private void Insert(in EventRow row)
    {
        // A kind has about half of the columns.
        _insertEvent.Clear();
        _insertEvent.Bind(1, row.Head.Key);
        _insertEvent.Bind(2, row.Event.Sequence);
        _insertEvent.Bind(3, (long)JournalRows.KindOf(row.Event));
        _insertEvent.Bind(4, row.Event.At.UtcTicks);
        if (JournalRows.FactsOf(row.Event) is { } decision)
        {
            _insertEvent.Bind(5, decision.Ordinal);
            _insertEvent.Bind(6, decision.ServedArm);
            _insertEvent.Bind(7, decision.ReservedUsd);
            _insertEvent.Bind(8, decision.SettledUsd);
            _insertEvent.Bind(25, decision.BoundUsd);
        }

        switch (row.Event)
        {
            case ReroutedEvent rerouted:
                _insertEvent.Bind(10, rerouted.ToArm);
                _insertEvent.Bind(11, rerouted.ReservedUsd);
                _insertEvent.Bind(12, rerouted.Reason);
                _insertEvent.Bind(26, rerouted.BoundUsd);
                break;
            case SettledEvent settled:
                _insertEvent.Bind(13, (long)settled.Outcome);
                _insertEvent.Bind(14, settled.Usage.Input);
                _insertEvent.Bind(15, settled.Usage.CachedInput);
                _insertEvent.Bind(16, settled.Usage.Output);
                _insertEvent.Bind(17, settled.CostUsd);
                _insertEvent.Bind(18, JournalRows.LatencyOf(settled));
                if (AttemptsCodec.Encode(settled.FailedAttempts, settled.Deployment, settled.Weighed) is { } attempts)
                {
                    _insertEvent.Bind(27, attempts);
                }

                break;
            case RewardedEvent rewarded:
                _insertEvent.Bind(19, rewarded.Reward);
                _insertEvent.Bind(20, rewarded.PreviousReward);
                _insertEvent.Bind(22, rewarded.Weight);
                _insertEvent.Bind(23, rewarded.PreviousWeight);
                _insertEvent.Bind(24, (long?)JournalRows.StandingOf(rewarded));
                _insertEvent.Bind(28, rewarded.Verdicts);
                break;
            case BudgetResetEvent:
                break;
            default:
                _insertEvent.Bind(row.Event is ConfiguredEvent ? 9 : 21, row.Encoded);
                break;
        }

        _insertEvent.Execute();
    }

    private void Insert(in FeedbackRow row)
    {
        _insertFeedback.Bind(1, row.Head.Key);
        _insertFeedback.Bind(2, row.Ordinal);
        _insertFeedback.Bind(3, row.Key);
        _insertFeedback.Bind(4, row.Feedback.Sequence);
        _insertFeedback.Bind(5, row.Feedback.Label);
        _insertFeedback.Bind(6, row.Feedback.Comment);
        _insertFeedback.Execute();
    }

    private void Update(TenantHead head, DecisionState decision)
    {
        _updateDecision.Bind(1, head.Key);
        _updateDecision.Bind(2, decision.Facts.Ordinal);
        _updateDecision.Bind(3, decision.Facts.ServedArm);
        _updateDecision.Bind(4, decision.Facts.ReservedUsd);
        _updateDecision.Bind(5, decision.SettledSequence);
        _updateDecision.Bind(6, decision.Facts.SettledUsd);
        _updateDecision.Bind(7, decision.Reward);
        _updateDecision.Bind(8, (long)decision.FeedbackCount);
        _updateDecision.Bind(9, decision.RewardWeight);
        _updateDecision.Bind(10, decision.Facts.BoundUsd);
        _updateDecision.Bind(11, decision.Verdicts);
        _updateDecision.Execute();
    }
}
