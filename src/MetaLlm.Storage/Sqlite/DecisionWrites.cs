using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Appends decisions.</summary>
internal sealed class DecisionWrites(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _insert = new(connection, """
        INSERT INTO decisions (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm,
            record, served_arm, reserved_usd)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?10, ?12)
        """);

    /// <summary>Appends decisions with consecutive ordinals of one tenant.</summary>
    /// <exception cref="FencedException">They do not continue what is stored; thrown before anything is written.</exception>
    public void Append(WriteSession session, string tenant, IReadOnlyList<EncodedDecision> decisions)
    {
        var found = session.FindHead(tenant);
        DecisionFence.ThrowIfClosed(tenant, decisions, found?.LastOrdinal ?? 0, found?.LastSequence ?? 0);

        var head = found ?? session.GetHead(tenant);
        foreach (var (decision, context, record) in decisions)
        {
            _insert.Bind(1, head.TenantKey);
            _insert.Bind(2, decision.Ordinal);
            _insert.Bind(3, decision.DecisionId);
            _insert.Bind(4, decision.AppliedSequence);
            _insert.Bind(5, decision.At.UtcTicks);
            _insert.Bind(6, decision.FeatureSchema);
            _insert.Bind(7, context);
            _insert.Bind(8, decision.Propensity);
            _insert.Bind(9, decision.Pinned ? 1L : 0L);
            _insert.Bind(10, decision.ChosenArm);
            _insert.Bind(11, record.Span);
            _insert.Bind(12, decision.ReservedUsd);
            _insert.Execute();
        }

        head.LastOrdinal = decisions[^1].Decision.Ordinal;
        head.Moved = true;
    }

    public void Dispose() => _insert.Dispose();
}
