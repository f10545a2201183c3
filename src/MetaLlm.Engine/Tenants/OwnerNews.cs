using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>What one other owner of a tenant has decided and been told between two positions of its journal.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Through">Where it ends.</param>
/// <param name="Decisions">The decisions between, in order.</param>
/// <param name="Events">The events between, in order.</param>
internal sealed record OwnerNews(TakenPosition From, TakenPosition Through, IReadOnlyList<DecisionRecord> Decisions, IReadOnlyList<TenantEvent> Events)
{
    // They are read again each time until they are taken in.
    private const int MostUntold = 100;

    /// <summary>How much it is.</summary>
    public int Count => Decisions.Count + Events.Count;

    /// <summary>Whether there is anything but that the other owner has taken in others itself: if that were news, owners would tell each other of it for ever.</summary>
    public bool IsNews => Decisions.Count > 0 || Events.Count >= MostUntold || Events.Any(one => one is not TookInEvent);

    /// <summary>Hands it to a state in the order of the fold: before each decision the events that it builds on, at last the rest.</summary>
    public void TakeIn(TenantState state)
    {
        var next = 0;
        foreach (var decision in Decisions)
        {
            for (; next < Events.Count && Events[next].Sequence <= decision.AppliedSequence; next++)
            {
                state.TakeIn(From.Owner, Events[next]);
            }

            state.TakeIn(From.Owner, decision);
        }

        for (; next < Events.Count; next++)
        {
            state.TakeIn(From.Owner, Events[next]);
        }
    }
}
