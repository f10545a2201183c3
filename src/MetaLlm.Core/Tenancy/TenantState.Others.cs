using MetaLlm.Core.Bandits;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>A tenant with several owners: each takes in what the others see, as if it had seen it itself some moments later, and books no money for it.</summary>
public sealed partial class TenantState
{
    private const string OthersSection = "other owners";

    private readonly List<OtherOwner> _others = [];
    private long _taken;

    /// <summary>How far the other owners of the tenant were taken in, by their numbers; empty for the only one.</summary>
    public IReadOnlyList<TakenPosition> Taken => [.. _others.Select(other => new TakenPosition(other.Number, other.Ordinal, other.Sequence))];

    /// <summary>The tenant's decisions so far, as far as they are known here: the clock that what is learned fades by.</summary>
    private long Clock => DecisionOrdinal + _taken;

    /// <summary>Takes in a decision of another owner: it was chosen, has predictions and sets money aside; none of it counts against the caps of this one.</summary>
    /// <param name="owner">Number of the other owner.</param>
    /// <param name="decision">Its decision that follows the last one taken in.</param>
    /// <exception cref="InvalidOperationException">There is no such owner, or it does not follow; nothing was changed.</exception>
    /// <exception cref="ArgumentException">What it sets aside is out of range; nothing was changed.</exception>
    public void TakeIn(int owner, DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var (configuration, other) = (Configured(), Other(owner));
        if (decision.Ordinal != other.Ordinal + 1)
        {
            throw new InvalidOperationException(
                $"Tenant '{Tenant}': decision {decision.Ordinal} of owner {owner} cannot be taken in after decision {other.Ordinal}; {other.Ordinal + 1} is next.");
        }

        var boundUsd = decision.BoundUsd;
        CheckMeasure(nameof(decision.ReservedUsd), decision.ReservedUsd);
        CheckMeasure(nameof(decision.BoundUsd), boundUsd);
        other.Ordinal = decision.Ordinal;
        _taken++;
        if (!decision.IsOfPolicy)
        {
            other.Ledger.Reserve(decision.ReservedUsd, boundUsd);
            return;
        }

        var windowTarget = WindowTarget(configuration, decision.At);
        if (decision.Task is { } task)
        {
            Match(other, task, decision);
        }

        Pace(decision, windowTarget);
        other.Ledger.Reserve(decision.ReservedUsd, boundUsd);
        _windows.Count(decision.At);
        if (configuration.MaxWeightPerUser is not null)
        {
            _users.Count(decision.User, decision.At);
        }

        if (_armIndex.TryGetValue(decision.ChosenArm, out var arm))
        {
            _policy!.OnChosen(new ChosenObservation(arm, Clock, decision.Pinned));
        }
    }

    /// <summary>Takes in an event of another owner. What concerns the other's own state, such as a configuration, is passed over.</summary>
    /// <param name="owner">Number of the other owner.</param>
    /// <param name="tenantEvent">Its event that follows the last one taken in.</param>
    /// <exception cref="InvalidOperationException">There is no such owner, or it does not follow; nothing was changed.</exception>
    /// <exception cref="ArgumentException">A number is out of range; nothing was learned.</exception>
    public void TakeIn(int owner, TenantEvent tenantEvent)
    {
        ArgumentNullException.ThrowIfNull(tenantEvent);
        var (configuration, other) = (Configured(), Other(owner));
        if (tenantEvent.Sequence != other.Sequence + 1)
        {
            throw new InvalidOperationException(
                $"Tenant '{Tenant}': event {tenantEvent.Sequence} of owner {owner} cannot be taken in after event {other.Sequence}; {other.Sequence + 1} is next.");
        }

        switch (tenantEvent)
        {
            case ReroutedEvent rerouted:
                Check(rerouted);
                other.Ledger.Release(rerouted.Decision.ReservedUsd, rerouted.Decision.BoundUsd);
                other.Ledger.Reserve(rerouted.ReservedUsd, rerouted.BoundUsd);
                break;
            case SettledEvent settled:
                Check(settled);
                TakeIn(other, settled with { Decision = Translate(other, settled.Decision) }, configuration);
                break;
            case RewardedEvent rewarded:
                Check(rewarded);
                TakeIn(other, rewarded with { Decision = Translate(other, rewarded.Decision) }, configuration);
                break;
            case BudgetResetEvent reset:
                other.Ledger.Reset(configuration.HardCapWindow, reset.At);
                break;
        }

        other.Sequence = tenantEvent.Sequence;
    }

    private void TakeIn(OtherOwner other, SettledEvent settled, TenantConfiguration configuration)
    {
        var costUsd = settled.CostUsd + settled.FailedAttempts.Sum(attempt => attempt.CostUsd!.Value);
        other.Ledger.Release(settled.Decision.ReservedUsd, settled.Decision.BoundUsd);
        other.Ledger.Charge(costUsd, configuration.HardCapWindow, settled.At);
        if (!settled.Decision.IsOfPolicy)
        {
            return;
        }

        var served = Find(settled.Decision);
        var windowTarget = WindowTarget(configuration, settled.At);
        Pace(settled, costUsd, windowTarget);
        Learn(settled, served, windowTarget);
    }

    private void TakeIn(OtherOwner other, RewardedEvent rewarded, TenantConfiguration configuration)
    {
        if (!rewarded.Decision.IsOfPolicy)
        {
            return;
        }

        var served = Find(rewarded.Decision);
        ObserveFloor(rewarded);
        if (served is { } arm)
        {
            Learn(rewarded, arm, SeedOf(configuration, other.Number), configuration);
        }
    }

    /// <summary>All that the event names was taken in by now.</summary>
    private void TookIn(TookInEvent tookIn)
    {
        foreach (var position in tookIn.Positions)
        {
            var other = Other(position.Owner);
            if (other.Ordinal < position.Ordinal || other.Sequence < position.Sequence)
            {
                throw new InvalidOperationException(
                    $"Tenant '{Tenant}': event {tookIn.Sequence} takes in owner {position.Owner} up to decision {position.Ordinal} and event {position.Sequence}; "
                    + $"its journal was read up to {other.Ordinal} and {other.Sequence}.");
            }
        }
    }

    private void SetOthers(TenantConfiguration configuration)
    {
        var own = TenantOwner.NumberOf(Tenant);
        for (var number = 1; _others.Count < configuration.Owners - 1 && number <= configuration.Owners; number++)
        {
            if (number != own)
            {
                _others.Add(new OtherOwner(number));
            }
        }
    }

    private OtherOwner Other(int number) =>
        _others.Find(other => other.Number == number) ?? throw new InvalidOperationException($"Tenant '{Tenant}' has no other owner {number}.");

    private void Match(OtherOwner other, string task, DecisionRecord decision)
    {
        _features.Tasks.Add(task);
        if (TaskBlock(decision.Context) is { } start && decision.Context.AsSpan(start, TaskVocabulary.Slots).IndexOfAnyExcept(0f) is >= 0 and var slot)
        {
            other.Match(slot, _features.Tasks.SlotOf(task));
        }
    }

    private DecisionFacts Translate(OtherOwner other, DecisionFacts decision) =>
        decision.FeatureSchema == FeatureSchema && TaskBlock(decision.Context) is { } start && other.Translate(decision.Context, start) is var context && context != decision.Context
            ? decision with { Context = context }
            : decision;

    /// <summary>Where the slots of task tags begin; null without them, and in a context of another length.</summary>
    private int? TaskBlock(float[] context) =>
        _features.Blocks(Configured().Parts) is { Task: > 0 } blocks && context.Length == blocks.Dimension ? 1 + blocks.Structural : null;

    /// <summary>Owners draw by streams of their own; the first by the seed itself.</summary>
    private static ulong SeedOf(TenantConfiguration configuration, int owner) =>
        configuration.Owners == 1 || owner == 1 ? configuration.Seed : CounterRandom.Bits(configuration.Seed, (ulong)owner);

    private ulong OwnSeed(TenantConfiguration configuration) => configuration.Owners == 1 ? configuration.Seed : SeedOf(configuration, TenantOwner.NumberOf(Tenant));

    /// <summary>When a decision was made by the clock of what fades. With others it is now: how many of theirs came before it is not kept.</summary>
    private long ClockOf(long ordinal) => _others.Count == 0 ? ordinal : Clock;

    private void WriteOthers(StateWriter writer)
    {
        writer.Section(OthersSection);
        writer.Int(_others.Count);
        foreach (var other in _others)
        {
            other.Write(writer);
        }
    }

    private void ReadOthers(ref StateReader reader)
    {
        reader.Expect(OthersSection);
        _others.Clear();
        for (var left = reader.Int(); left > 0; left--)
        {
            _others.Add(OtherOwner.Read(ref reader));
        }

        _taken = _others.Sum(other => other.Ordinal);
    }
}
