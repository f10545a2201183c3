namespace MetaLlm.Storage.Postgres;

/// <summary>Ends of a tenant's two sequences, locked and moved by one transaction, with the decisions that it is about.</summary>
internal sealed class TenantHead(long tenantKey, long lastOrdinal, long lastSequence)
{
    public long TenantKey { get; } = tenantKey;

    public long LastOrdinal { get; set; } = lastOrdinal;

    public long LastSequence { get; set; } = lastSequence;

    public bool Moved { get; set; }

    /// <summary>Decisions that were looked up or appended in this transaction, by id.</summary>
    public Dictionary<string, DecisionState> Decisions { get; } = new(StringComparer.Ordinal);

    /// <summary>The decision, or null when the tenant has none by that id.</summary>
    public DecisionState? FindDecision(string decisionId) => Decisions.GetValueOrDefault(decisionId);
}
