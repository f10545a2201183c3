using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Loads what a write is about into the open transaction, unless it is there from a write before it.</summary>
internal sealed class JournalLoad(SqliteConnection connection) : IDisposable
{
    private const string Feedback =
        $"SELECT {JournalRows.FeedbackColumns} FROM feedback f JOIN events e ON e.tenant_key = f.tenant_key AND e.sequence = f.sequence";

    private readonly PreparedStatement _findHead = new(connection, "SELECT tenant_key, last_ordinal, last_sequence, base_sequence FROM tenants WHERE tenant = ?1");

    private readonly PreparedStatement _findDecision = new(connection,
        $"SELECT {JournalRows.StateColumns} FROM decisions d {JournalRows.SettlementJoin} WHERE d.tenant_key = ?1 AND d.decision_id = ?2");

    private readonly PreparedStatement _findFeedback = new(connection,
        $"{Feedback} WHERE f.tenant_key = ?1 AND f.decision_ordinal = ?2 AND f.idempotency_key = ?3");

    private readonly PreparedStatement _findInForce = new(connection,
        $"{Feedback} WHERE f.tenant_key = ?1 AND f.decision_ordinal = ?2 ORDER BY f.sequence DESC LIMIT 1");

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

        var head = new TenantHead(tenant, _findHead.Long(0), _findHead.Long(1), _findHead.Long(2), _findHead.Long(3));
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

        var decision = JournalRows.ReadState(_findDecision, decisionId);
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
                decision.AddFeedback(key, JournalRows.ReadFeedback(_findFeedback, 0));
                _findFeedback.Reset();
            }
        }

        if (lookup.InForce && decision.InForce is null)
        {
            Start(_findInForce, head, decision);
            if (_findInForce.Step())
            {
                decision.InForce = JournalRows.ReadFeedback(_findInForce, 0);
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
