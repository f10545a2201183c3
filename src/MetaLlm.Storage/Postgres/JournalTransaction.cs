namespace MetaLlm.Storage.Postgres;

/// <summary>
/// What one transaction knows and will write, in memory: the heads that it has locked, the decisions that it is about, and the new rows.
/// Writes run against it one after another, without a round trip to the server each.
/// </summary>
internal sealed class JournalTransaction
{
    private readonly Dictionary<string, TenantHead> _heads = new(StringComparer.Ordinal);

    /// <summary>Heads by tenant.</summary>
    public IReadOnlyDictionary<string, TenantHead> Heads => _heads;

    /// <summary>Tenants without a row that a write needs; the transaction must start again once they have one.</summary>
    public SortedSet<string> NewTenants { get; } = new(StringComparer.Ordinal);

    /// <summary>Tenants that other processes hold: nothing may be written of them.</summary>
    public HashSet<string> Locked { get; } = new(StringComparer.Ordinal);

    public DecisionRows Decisions { get; } = new();

    public EventRows Events { get; } = new();

    public FeedbackRows Feedback { get; } = new();

    /// <summary>Whether there is anything to write.</summary>
    public bool HasChanges { get; private set; }

    public void AddHead(string tenant, TenantHead head) => _heads.Add(tenant, head);

    /// <summary>The tenant's head, or null when nothing was ever written for it.</summary>
    public TenantHead? FindHead(string tenant) => _heads.GetValueOrDefault(tenant);

    /// <summary>The tenant's head; for a tenant without one, a stand-in that is never written.</summary>
    public TenantHead GetHead(string tenant)
    {
        if (_heads.TryGetValue(tenant, out var head))
        {
            return head;
        }

        NewTenants.Add(tenant);
        head = new TenantHead(0, 0, 0);
        _heads.Add(tenant, head);
        return head;
    }

    /// <summary>Takes the tenant's next sequence.</summary>
    public long NextSequence(TenantHead head)
    {
        Move(head);
        return ++head.LastSequence;
    }

    /// <summary>Notes that the head must be written back.</summary>
    public void Move(TenantHead head)
    {
        head.Moved = true;
        HasChanges = true;
    }
}
