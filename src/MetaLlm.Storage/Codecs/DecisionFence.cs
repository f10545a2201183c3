using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Codecs;

/// <summary>Keeps a second owner of a tenant from deciding: what it appends does not continue what is stored.</summary>
internal static class DecisionFence
{
    /// <summary>Checks decisions with consecutive ordinals of one tenant against what is stored.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisions">The decisions, at least one.</param>
    /// <param name="lastOrdinal">Ordinal of the tenant's last decision; 0 before the first.</param>
    /// <param name="lastSequence">Sequence of its last event; 0 before the first.</param>
    /// <exception cref="FencedException">They do not continue it, or rest on an event that is not there.</exception>
    public static void ThrowIfClosed(string tenant, IReadOnlyList<EncodedDecision> decisions, long lastOrdinal, long lastSequence)
    {
        var (first, last) = (decisions[0].Decision, decisions[^1].Decision);
        if (first.Ordinal != lastOrdinal + 1)
        {
            throw new FencedException(
                $"Decision {first.Ordinal} of tenant '{tenant}' does not continue the journal, whose last decision is {lastOrdinal}: another owner decides.");
        }

        if (last.AppliedSequence > lastSequence)
        {
            throw new FencedException(
                $"Decision {last.Ordinal} of tenant '{tenant}' builds on event {last.AppliedSequence}; the journal's last event is {lastSequence}.");
        }
    }
}
