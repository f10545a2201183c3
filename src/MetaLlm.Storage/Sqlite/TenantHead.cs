namespace MetaLlm.Storage.Sqlite;

/// <summary>Ends of a tenant's two sequences, as seen and moved by one transaction.</summary>
internal sealed class TenantHead(long tenantKey, long lastOrdinal, long lastSequence)
{
    public long TenantKey { get; } = tenantKey;

    public long LastOrdinal { get; set; } = lastOrdinal;

    public long LastSequence { get; set; } = lastSequence;

    public bool Moved { get; set; }
}
