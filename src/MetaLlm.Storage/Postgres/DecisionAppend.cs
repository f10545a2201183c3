using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Codecs;

namespace MetaLlm.Storage.Postgres;

/// <summary>Appends decisions to a transaction.</summary>
internal static class DecisionAppend
{
    /// <summary>Appends decisions with consecutive ordinals of one tenant.</summary>
    /// <exception cref="FencedException">They do not continue what is stored; thrown before anything is changed.</exception>
    public static int Append(JournalTransaction transaction, string tenant, IReadOnlyList<EncodedDecision> decisions)
    {
        var found = transaction.FindHead(tenant);
        DecisionFence.ThrowIfClosed(tenant, decisions, found?.LastOrdinal ?? 0, found?.LastSequence ?? 0);

        var head = found ?? transaction.GetHead(tenant);
        foreach (var encoded in decisions)
        {
            transaction.Decisions.Add(head.TenantKey, encoded);

            // A later write of the same transaction may be about it.
            var decision = encoded.Decision;
            head.Decisions[decision.DecisionId] = new DecisionState
            {
                DecisionId = decision.DecisionId,
                Ordinal = decision.Ordinal,
                FeatureSchema = decision.FeatureSchema,
                Context = decision.Context,
                Propensity = decision.Propensity,
                Pinned = decision.Pinned,
                At = decision.At.ToUniversalTime(),
                ServedArm = decision.ChosenArm,
                ReservedUsd = decision.ReservedUsd,
            };
        }

        head.LastOrdinal = decisions[^1].Decision.Ordinal;
        transaction.Move(head);
        return decisions.Count;
    }
}
