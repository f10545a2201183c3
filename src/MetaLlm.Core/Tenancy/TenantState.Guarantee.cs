using MetaLlm.Core.Conversations;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

/// <summary>The cheapest routing whose answers are proven to differ seldom enough from a reference's: docs/math/guarantees.md.</summary>
public sealed partial class TenantState
{
    private GuaranteeBook? _guarantee;

    /// <summary>Whether a decision waits for the verdict of a comparison (<see cref="ComparedEvent"/>).</summary>
    /// <param name="ordinal">Its ordinal.</param>
    public bool AwaitsComparison(long ordinal) => _guarantee?.Awaits(ordinal) == true;

    private void SetGuarantee(ConfiguredEvent configured)
    {
        var (next, at) = (configured.Configuration, configured.At);
        _guarantee = next.Guarantee is not { } settings ? null
            : _guarantee is { } running && running.TryFollow(settings, next.Arms) ? running
            : GuaranteeBook.Begin(settings, next.Arms, CounterRandom.Bits(~OwnSeed(next), (ulong)configured.Sequence), at);
    }

    /// <summary>
    /// Says who serves a request under the guarantee, in place of the policy. Only the reference may take over from the arm that serves.
    /// </summary>
    /// <returns>Null where the guarantee has no say: the caller names another model, or the reference cannot take such a request, so that it has no answer to differ from.</returns>
    /// <exception cref="NoFeasibleArmException">The arm that is to serve cannot, and no other one may.</exception>
    private GuaranteePlace? PlanGuarantee(TenantConfiguration configuration, DecisionRequest request, DateTimeOffset at, double heldUsd, string?[] exclusions, ref ConversationPlace? place)
    {
        if (_guarantee is not { } guarantee || request.PinnedArm is not null || !_armIndex.TryGetValue(guarantee.Settings.Reference, out var reference)
            || exclusions[reference] is ArmExclusions.ContextTooLong or ArmExclusions.MissingCapability or ArmExclusions.OverRequestCap or ArmExclusions.NotAllowed)
        {
            return null;
        }

        var plan = PlanOf(guarantee, request, place, exclusions);
        var arm = _armIndex[guarantee.IdOf(plan.Arm)];
        var canServe = exclusions[arm] is null;
        for (var a = 0; a < exclusions.Length; a++)
        {
            exclusions[a] ??= a == reference || (a == arm && canServe) ? null : ArmExclusions.Guarantee;
        }

        if (!canServe)
        {
            throw new NoFeasibleArmException([.. configuration.Arms.Select((one, a) => KeyValuePair.Create(one.Id, exclusions[a] ?? ArmExclusions.Guarantee))])
            {
                HardCap = RefusalOf(configuration, request, at, heldUsd, Headroom(configuration, at, heldUsd), exclusions),
            };
        }

        _scores!.Greedy = arm;
        Bandits.Choice.Certain(arm, _scores);
        var id = configuration.Arms[arm].Id;
        place = place is { Choice: ConversationChoice.Kept or ConversationChoice.Switched } ? place with { Choice = place.PreviousArm == id ? ConversationChoice.Kept : ConversationChoice.Switched } : place;
        return new GuaranteePlace { Topic = plan.Topic, Beside = plan.Beside is { } beside ? guarantee.IdOf(beside) : null, Bound = plan.Bound };
    }

    private GuaranteePlan PlanOf(GuaranteeBook guarantee, DecisionRequest request, ConversationPlace? place, string?[] exclusions)
    {
        var topic = request.Features.Task;
        if (place is { Choice: ConversationChoice.Held, PreviousArm: { } held })
        {
            return guarantee.PlanHeld(topic, held);
        }

        // Whoever calls the model himself shows nobody the answer, so that nothing could be compared.
        return request.Origin == DecisionOrigin.Route
            ? guarantee.PlanHeld(topic, guarantee.Settings.Reference)
            : guarantee.Plan(topic, id => exclusions[_armIndex[id]] is null && double.IsFinite(_scores!.CostUsd[_armIndex[id]]) ? _scores.CostUsd[_armIndex[id]] : double.NaN);
    }

    private void ReadGuarantee(ref StateReader reader)
    {
        _guarantee = GuaranteeBook.Read(ref reader);
        _guarantee.SetAside(Configuration!.Arms);
        Configuration = Configuration! with { Guarantee = _guarantee.Settings };
    }
}
