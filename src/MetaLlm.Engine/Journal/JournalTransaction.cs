namespace MetaLlm.Engine.Journal;

/// <summary>
/// What one transaction of a journal knows and will write, in memory. What a fence, a duplicate, a reroute and a settlement is stands here, for every store.
/// </summary>
/// <remarks>
/// A store loads the <see cref="JournalScope"/> of each write, runs the writes one after another, and flushes what they leave: rows, changed decisions, moved heads.
/// A write throws before it changes anything, or not at all. Does no I/O; not safe for concurrent use. A journal in memory is a transaction that never ends.
/// </remarks>
public sealed partial class JournalTransaction
{
    private readonly Dictionary<string, TenantHead> _heads = new(StringComparer.Ordinal);
    private readonly List<DecisionRow> _decisions = [];
    private readonly List<EventRow> _events = [];
    private readonly List<FeedbackRow> _feedback = [];

    /// <summary>Heads of the tenants that it is about.</summary>
    public IReadOnlyCollection<TenantHead> Heads => _heads.Values;

    /// <summary>New decisions, in the order of their ordinals per tenant.</summary>
    public IReadOnlyList<DecisionRow> Decisions => _decisions;

    /// <summary>New events, in the order of their sequences per tenant.</summary>
    public IReadOnlyList<EventRow> Events => _events;

    /// <summary>New feedback; each has its event too.</summary>
    public IReadOnlyList<FeedbackRow> Feedback => _feedback;

    /// <summary>Whether there is anything to write; without, there were duplicates and refusals alone.</summary>
    public bool HasChanges => _decisions.Count > 0 || _events.Count > 0;

    /// <summary>The tenant's head, or null when none was loaded and nothing written for it.</summary>
    /// <param name="tenant">The tenant.</param>
    public TenantHead? FindHead(string tenant) => _heads.GetValueOrDefault(tenant);

    /// <summary>Adds the head of a tenant.</summary>
    /// <param name="head">The head, as the store has it.</param>
    public void AddHead(TenantHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        _heads.Add(head.Tenant, head);
    }

    /// <summary>The tenant's head; a new tenant starts with two empty sequences.</summary>
    private TenantHead GetHead(string tenant)
    {
        if (!_heads.TryGetValue(tenant, out var head))
        {
            _heads.Add(tenant, head = new TenantHead(tenant, key: 0, lastOrdinal: 0, lastSequence: 0));
        }

        return head;
    }
}
