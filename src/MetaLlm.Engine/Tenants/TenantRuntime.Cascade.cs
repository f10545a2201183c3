using MetaLlm.Core.Cascades;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    /// <summary>Weighs the first answer of a call. Where another arm takes over, what that can cost is set aside until the event of it is folded in.</summary>
    /// <param name="consideration">The answer.</param>
    /// <param name="cancellationToken">Cancels the load of the state or of the decision.</param>
    /// <returns>What was made of it, null where the cascade has no say or the call has ended; and what is to be recorded at once, null where the answer leaves.</returns>
    public async ValueTask<(WeighedAnswer? Weighed, Reroute? Reroute)> ConsiderAsync(Consideration consideration, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(consideration);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (state.Configuration!.Cascade is null || await FindOpenDecisionAsync(consideration.DecisionId, cancellationToken).ConfigureAwait(false) is not { Decision: { } decision } call)
        {
            return default;
        }

        // The decision may have been looked up, and the state given up meanwhile.
        state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        var promised = _promised.Where(other => other.Key != consideration.DecisionId).Sum(other => other.Value);
        var weighed = state.Weigh(decision, consideration.Signals, consideration.SpentUsd, consideration.Unavailable, _services.Time.GetUtcNow(), promised);
        if (weighed is not null && call.ServedArm != decision.ChosenArm)
        {
            // The same question once more, whose answer was lost: what was recorded holds.
            return (weighed with { Second = call.ServedArm, SecondQuality = Math.Clamp(decision.Arms.First(arm => arm.ArmId == call.ServedArm).Quality, 0, 1) }, null);
        }

        if (weighed?.Second is not { } second)
        {
            return (weighed, null);
        }

        var looks = decision.Arms.First(arm => arm.ArmId == second);
        var reroute = new Reroute(decision.DecisionId, second, looks.CostUsd, "Escalated", looks.BoundUsd, consideration.SpentUsd);
        _promised[decision.DecisionId] = Math.Max(0, consideration.SpentUsd + Math.Max(looks.CostUsd, looks.BoundUsd) - Math.Max(call.ReservedUsd, call.BoundUsd));
        return (weighed, reroute);
    }

    private async ValueTask<OpenCall?> FindOpenDecisionAsync(string decisionId, CancellationToken cancellationToken)
    {
        if (_openCalls.TryGetValue(decisionId, out var call) && call.Decision is not null)
        {
            return call;
        }

        var stored = await _services.Journal.FindDecisionAsync(Tenant, decisionId, cancellationToken).ConfigureAwait(false);
        return stored is { Settlement: null } ? new OpenCall(stored.ServedArm, stored.ReservedUsd, stored.BoundUsd) { Decision = stored.Decision } : null;
    }
}
