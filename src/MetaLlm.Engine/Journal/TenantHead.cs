using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>Ends of a tenant's two sequences, moved by one transaction, with the decisions that it is about.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="key">The store's number for the tenant; 0 for a tenant without a row.</param>
/// <param name="lastOrdinal">Ordinal of the tenant's last decision; 0 before the first.</param>
/// <param name="lastSequence">Sequence of its last event; 0 before the first.</param>
/// <param name="baseSequence">Sequence of the last event in the state that stands for the journal's beginning; 0 for none.</param>
public sealed class TenantHead(string tenant, long key, long lastOrdinal, long lastSequence, long baseSequence = 0)
{
    private readonly Dictionary<string, DecisionState> _decisions = new(StringComparer.Ordinal);
    private readonly List<DecisionRecord> _appended = [];
    private readonly (long Ordinal, long Sequence) _loaded = (lastOrdinal, lastSequence);

    /// <summary>The tenant.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>The store's number for the tenant; 0 until the store gives it a row.</summary>
    public long Key { get; set; } = key;

    /// <summary>Ordinal of the tenant's last decision; 0 before the first.</summary>
    public long LastOrdinal { get; private set; } = lastOrdinal;

    /// <summary>Sequence of the tenant's last event; 0 before the first.</summary>
    public long LastSequence { get; internal set; } = lastSequence;

    /// <summary>Sequence of the last event in the state that stands for the journal's beginning; 0 for none.</summary>
    public long BaseSequence { get; set; } = baseSequence;

    /// <summary>Whether a write has moved it, so that it must be written back.</summary>
    public bool Moved => (LastOrdinal, LastSequence) != _loaded;

    /// <summary>Decisions that writes were about, in no order.</summary>
    public IReadOnlyCollection<DecisionState> Decisions => _decisions.Values;

    /// <summary>The decision, or null when it was neither loaded nor appended.</summary>
    /// <param name="decisionId">The decision.</param>
    public DecisionState? FindDecision(string decisionId)
    {
        // Most decisions are not asked for in the transaction that appends them.
        foreach (var decision in _appended)
        {
            var facts = DecisionFacts.Of(decision);
            AddDecision(new DecisionState(facts.At.Offset == TimeSpan.Zero ? facts : facts with { At = facts.At.ToUniversalTime() }));
        }

        _appended.Clear();
        return _decisions.GetValueOrDefault(decisionId);
    }

    /// <summary>Adds a decision.</summary>
    /// <param name="decision">The decision, which must not be there yet.</param>
    public void AddDecision(DecisionState decision)
    {
        ArgumentNullException.ThrowIfNull(decision);

        // A store refuses an id that is taken when it inserts the row; until then the newer one counts.
        _decisions[decision.Facts.DecisionId] = decision;
    }

    /// <summary>Moves the head past a new decision.</summary>
    internal void Append(DecisionRecord decision)
    {
        _appended.Add(decision);
        LastOrdinal = decision.Ordinal;
    }
}
