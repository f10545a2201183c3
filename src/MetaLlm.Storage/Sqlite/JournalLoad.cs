using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Loads what a write is about into the open transaction, unless it is there from a write before it.</summary>
internal sealed class JournalLoad(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _findHead = new(connection, "SELECT tenant_key, last_ordinal, last_sequence FROM tenants WHERE tenant = ?1");

    private readonly PreparedStatement _findDecision = new(connection, """
        SELECT ordinal, served_arm, reserved_usd, settled_usd, settled_sequence, reward, feature_schema, context, propensity, pinned, decided_at,
            reward_weight, feedback_count
        FROM decisions WHERE tenant_key = ?1 AND decision_id = ?2
        """);

    private readonly PreparedStatement _findFeedback = new(connection,
        "SELECT sequence FROM feedback WHERE tenant_key = ?1 AND decision_ordinal = ?2 AND idempotency_key = ?3");

    private readonly PreparedStatement _findInForce = new(connection,
        "SELECT sequence, label, comment FROM feedback WHERE tenant_key = ?1 AND decision_ordinal = ?2 ORDER BY sequence DESC LIMIT 1");

    public void Load(JournalTransaction transaction, JournalScope scope)
    {
        if ((transaction.FindHead(scope.Tenant) ?? LoadHead(transaction, scope.Tenant)) is not { } head)
        {
            return;
        }

        foreach (var lookup in scope.Lookups)
        {
            if ((head.FindDecision(lookup.DecisionId) ?? LoadDecision(head, lookup.DecisionId)) is { FeedbackCount: > 0 } decision)
            {
                LoadFeedback(head, decision, lookup);
            }
        }
    }

    public void Dispose()
    {
        foreach (var statement in (PreparedStatement[])[_findHead, _findDecision, _findFeedback, _findInForce])
        {
            statement.Dispose();
        }
    }

    private TenantHead? LoadHead(JournalTransaction transaction, string tenant)
    {
        _findHead.Bind(1, tenant);
        if (!_findHead.Step())
        {
            return null;
        }

        var head = new TenantHead(tenant, _findHead.Long(0), _findHead.Long(1), _findHead.Long(2));
        _findHead.Reset();
        transaction.AddHead(head);
        return head;
    }

    private DecisionState? LoadDecision(TenantHead head, string decisionId)
    {
        _findDecision.Bind(1, head.Key);
        _findDecision.Bind(2, decisionId);
        if (!_findDecision.Step())
        {
            return null;
        }

        var facts = new DecisionFacts
        {
            DecisionId = decisionId,
            Ordinal = _findDecision.Long(0),
            ServedArm = _findDecision.Text(1),
            FeatureSchema = _findDecision.Text(6),
            Context = DecisionCodec.DecodeContext(_findDecision.Blob(7)),
            Propensity = _findDecision.Double(8),
            ReservedUsd = _findDecision.Double(2),
            SettledUsd = _findDecision.DoubleOrNull(3),
            Pinned = _findDecision.Flag(9),
            At = new DateTimeOffset(_findDecision.Long(10), TimeSpan.Zero),
        };
        var decision = new DecisionState(
            facts,
            settledSequence: _findDecision.IsNull(4) ? null : _findDecision.Long(4),
            reward: _findDecision.DoubleOrNull(5),
            rewardWeight: _findDecision.DoubleOrNull(11),
            feedbackCount: (int)_findDecision.Long(12));
        _findDecision.Reset();
        head.AddDecision(decision);
        return decision;
    }

    private void LoadFeedback(TenantHead head, DecisionState decision, DecisionLookup lookup)
    {
        if (lookup.IdempotencyKey is { } key && decision.FindFeedback(key) is null)
        {
            Start(_findFeedback, head, decision);
            _findFeedback.Bind(3, key);
            if (_findFeedback.Step())
            {
                decision.AddFeedback(key, _findFeedback.Long(0));
                _findFeedback.Reset();
            }
        }

        if (lookup.InForce && decision.InForce is null)
        {
            Start(_findInForce, head, decision);
            if (_findInForce.Step())
            {
                decision.InForce = new RecordedFeedback(_findInForce.Long(0), _findInForce.TextOrNull(1), _findInForce.TextOrNull(2));
                _findInForce.Reset();
            }
        }
    }

    private static void Start(PreparedStatement statement, TenantHead head, DecisionState decision)
    {
        statement.Bind(1, head.Key);
        statement.Bind(2, decision.Facts.Ordinal);
    }
}
