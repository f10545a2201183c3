using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Journal;

public sealed partial class JournalTransaction
{
    /// <summary>Appends decisions. A second owner of a tenant is kept from deciding: what it appends does not continue what is stored.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisions">At least one, with consecutive ordinals.</param>
    /// <returns>How many they are.</returns>
    /// <exception cref="FencedException">They do not continue the journal, rest on an event that is not there, or not on all that stands for its beginning.</exception>
    public int Append(string tenant, IReadOnlyList<EncodedDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        var found = FindHead(tenant);
        var (lastOrdinal, lastSequence) = (found?.LastOrdinal ?? 0, found?.LastSequence ?? 0);
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

        if (first.AppliedSequence < (found?.BaseSequence ?? 0))
        {
            throw new FencedException(
                $"Decision {first.Ordinal} of tenant '{tenant}' builds on event {first.AppliedSequence}; the state that stands for the journal's beginning "
                + $"holds event {found!.BaseSequence}: another owner has folded it.");
        }

        var head = found ?? GetHead(tenant);
        foreach (var encoded in decisions)
        {
            _decisions.Add(new DecisionRow(head, encoded));
            head.Append(encoded.Decision);
        }

        return decisions.Count;
    }

    /// <summary>Appends an event that is about no decision: a configuration, a warm start, a quiz, a reset of budgets.</summary>
    /// <param name="tenant">The tenant, which may be new.</param>
    /// <param name="create">Makes the event of its sequence.</param>
    /// <param name="encoded">What it holds, encoded.</param>
    public T Append<T>(string tenant, Func<long, T> create, byte[] encoded)
        where T : TenantEvent
    {
        ArgumentNullException.ThrowIfNull(create);
        var head = GetHead(tenant);
        return Record(head, create(head.LastSequence + 1), encoded);
    }

    /// <summary>Appends an event of a tenant's owner that rests on the owner's state.</summary>
    /// <param name="tenant">The owner.</param>
    /// <param name="appliedSequence">Sequence of the last event in that state.</param>
    /// <param name="create">Makes the event of its sequence.</param>
    /// <param name="encoded">What it holds, encoded.</param>
    /// <exception cref="FencedException">The journal has not come so far.</exception>
    public T Append<T>(string tenant, long appliedSequence, Func<long, T> create, byte[] encoded)
        where T : TenantEvent
    {
        ArgumentNullException.ThrowIfNull(create);
        return FindHead(tenant) is { } head && head.LastSequence >= appliedSequence
            ? Record(head, create(head.LastSequence + 1), encoded)
            : throw new FencedException($"The state of tenant '{tenant}' holds event {appliedSequence}; the journal's last event is {FindHead(tenant)?.LastSequence ?? 0}.");
    }

    /// <summary>Appends a reroute. What is set aside for the attempts before it stays set aside, unless it says that they can be charged another amount.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="reroute">The reroute.</param>
    /// <param name="at">When, UTC.</param>
    /// <returns>The event, or null when the decision is unknown or already settled.</returns>
    public ReroutedEvent? Reroute(string tenant, Reroute reroute, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(reroute);
        if (FindHead(tenant) is not { } head || head.FindDecision(reroute.DecisionId) is not { SettledSequence: null } decision)
        {
            return null;
        }

        var attemptsUsd = reroute.AttemptsUsd ?? Math.Max(decision.Facts.ReservedUsd, decision.Facts.BoundUsd);
        var rerouted = Record(head, new ReroutedEvent
        {
            Sequence = head.LastSequence + 1,
            At = at,
            Decision = decision.Facts,
            ToArm = reroute.ToArm,
            ReservedUsd = reroute.ReservedUsd,
            BoundUsd = attemptsUsd + Math.Max(reroute.ReservedUsd, reroute.BoundUsd),
            Reason = StorableText.Clean(reroute.Reason),
        });
        decision.Rerouted(rerouted);
        return rerouted;
    }

    /// <summary>Appends a settlement.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="settlement">The settlement.</param>
    /// <param name="costUsd">What the call cost, USD.</param>
    /// <param name="at">When, UTC.</param>
    /// <returns>The event, or null when the decision is unknown or already settled.</returns>
    public SettledEvent? Settle(string tenant, Settlement settlement, double costUsd, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        if (FindHead(tenant) is not { } head || head.FindDecision(settlement.DecisionId) is not { SettledSequence: null } decision)
        {
            return null;
        }

        var settled = Record(head, new SettledEvent
        {
            Sequence = head.LastSequence + 1,
            At = at,
            Decision = decision.Facts,
            Outcome = settlement.Outcome,
            Usage = settlement.Usage,
            CostUsd = costUsd,
            LatencySeconds = settlement.LatencySeconds ?? double.NaN,
            FailedAttempts = settlement.FailedAttempts,
            Deployment = settlement.Deployment,
            Weighed = settlement.Weighed,
        });
        decision.Settled(settled);
        return settled;
    }

    private T Record<T>(TenantHead head, T recorded, byte[]? encoded = null)
        where T : TenantEvent
    {
        _events.Add(new EventRow(head, recorded, encoded));
        head.LastSequence = recorded.Sequence;
        return recorded;
    }
}
