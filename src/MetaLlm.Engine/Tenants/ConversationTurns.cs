using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>Reads the turns of a conversation off the journal: each decision says which one came before.</summary>
public static class ConversationTurns
{
    /// <summary>Most turns that are looked at: the last ones.</summary>
    public const int Most = 64;

    /// <summary>Reads the turns up to one.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ordinal">Ordinal of the last turn's decision; 0 for none.</param>
    /// <param name="cancellationToken">Cancels between reads.</param>
    /// <returns>Ids of the decisions, oldest first; at most <see cref="Most"/>, and none that was dropped from the journal.</returns>
    public static async ValueTask<IReadOnlyList<string>> ReadAsync(ITenantJournal journal, string tenant, long ordinal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var turns = new List<string>();
        while (ordinal > 0 && turns.Count < Most
            && await journal.ReadDecisionsAsync(tenant, ordinal - 1, 1, cancellationToken).ConfigureAwait(false) is [var decision, ..] && decision.Ordinal == ordinal)
        {
            turns.Add(decision.DecisionId);
            ordinal = decision.Conversation?.PreviousOrdinal ?? 0;
        }

        turns.Reverse();
        return turns;
    }
}
