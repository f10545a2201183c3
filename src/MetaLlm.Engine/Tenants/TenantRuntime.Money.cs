using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    // USD that reroutes on their way to the journal may add, by decision: caps count them until the event is folded in.
    private readonly Dictionary<string, double> _promised = new(StringComparer.Ordinal);

    // Sweeps read it beside the owner: one write, never torn.
    private volatile TenantConfiguration? _inForce;
    private volatile bool _leftUnswept;

    /// <summary>Whether the tenant has a cap or a budget that calls must fit under, as far as is known. Safe for concurrent use.</summary>
    public bool MayHaveCaps => _inForce is not { HardCapUsd: null, UsdPerHour: null, UsdPerDay: null, UsdPerMonth: null };

    private double PromisedUsd => _promised.Count == 0 ? 0 : _promised.Values.Sum();

    /// <summary>Whether a sweep left decisions that only the configuration says the cost of; once the state is loaded, the next one takes them. Safe for concurrent use.</summary>
    public bool SweepNeedsState => _leftUnswept && _inForce is null;

    /// <summary>
    /// Sets aside what a call can cost that turns to another arm, until the event of that is folded in. For a decision that is unknown or settled nothing happens.
    /// </summary>
    /// <param name="reroute">The reroute; it is to be recorded at once.</param>
    /// <param name="cancellationToken">Cancels the load of the state or of the decision.</param>
    /// <exception cref="NoFeasibleArmException">It does not fit under the tenant's caps; nothing was set aside.</exception>
    public async ValueTask AdmitAsync(Reroute reroute, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(reroute);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (await FindOpenCallAsync(reroute.DecisionId, cancellationToken).ConfigureAwait(false) is not { } call)
        {
            return;
        }

        var held = Math.Max(call.ReservedUsd, call.BoundUsd);
        var added = (reroute.AttemptsUsd ?? held) + Math.Max(reroute.ReservedUsd, reroute.BoundUsd) - held;
        var promised = _promised.Where(other => other.Key != reroute.DecisionId).Sum(other => other.Value);
        if (state.Refuses(added, _services.Time.GetUtcNow(), promised) is { } refusal)
        {
            throw new NoFeasibleArmException([KeyValuePair.Create(reroute.ToArm, ArmExclusions.OverHardCap)]) { HardCap = refusal };
        }

        if (added > 0)
        {
            _promised[reroute.DecisionId] = added;
        }
    }

    /// <summary>Fills in what a call and the attempts before it cost, where the caller left that open: from usage and the prices in force of the arm.</summary>
    /// <param name="settlement">How a call ended.</param>
    /// <param name="cancellationToken">Cancels the load of the state or of the decision.</param>
    /// <returns>The settlement with every cost, or null when the decision is unknown or settled already.</returns>
    public async ValueTask<Settlement?> PriceAsync(Settlement settlement, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(settlement);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (settlement.IsPriced)
        {
            return settlement;
        }

        if (await FindOpenCallAsync(settlement.DecisionId, cancellationToken).ConfigureAwait(false) is not { } call)
        {
            return null;
        }

        // An arm that has left the configuration has no price any more: what was predicted for the call is the best that is known.
        var arms = state.Configuration!.Arms;
        var cost = settlement.CostUsd
            ?? (settlement.Outcome == CallOutcome.Expired ? call.ReservedUsd : PriceOf(arms, call.ServedArm, settlement.Usage) ?? call.ReservedUsd);
        return settlement with
        {
            CostUsd = cost,
            FailedAttempts = settlement.FailedAttempts.Count == 0
                ? settlement.FailedAttempts
                : [.. settlement.FailedAttempts.Select(attempt => attempt with { CostUsd = attempt.CostUsd ?? PriceOf(arms, attempt.ArmId, attempt.Usage) ?? call.ReservedUsd })],
        };
    }

    private static double? PriceOf(IReadOnlyList<Arm> arms, string armId, in TokenUsage usage) =>
        usage == default ? 0 : (arms.FirstOrDefault(arm => arm.Id == armId) ?? arms.FirstOrDefault(arm => arm.RenamedFrom == armId))?.Cost(usage);

    private async ValueTask<OpenCall?> FindOpenCallAsync(string decisionId, CancellationToken cancellationToken)
    {
        if (_openCalls.TryGetValue(decisionId, out var call))
        {
            return call;
        }

        var stored = await _services.Journal.FindDecisionAsync(Tenant, decisionId, cancellationToken).ConfigureAwait(false);
        return stored is { Settlement: null } ? new OpenCall(stored.ServedArm, stored.ReservedUsd, stored.BoundUsd) : null;
    }

    /// <summary>
    /// What a decision is charged that nobody settled in time. What the gateway called is charged its prediction: the bound would be what hardly any call
    /// costs, and either fits into what is set aside. Where the caller was to make the call, the tenant's configuration says. Safe for concurrent use.
    /// </summary>
    /// <returns>USD; null while the configuration is not in memory, so that the decision is left to the next sweep.</returns>
    private double? CostOfExpired(StoredDecision stored)
    {
        // Before bounds were recorded the origin of calls was not, or not always.
        if (stored.Decision.Origin == DecisionOrigin.Call || stored.BoundUsd <= 0)
        {
            return stored.ReservedUsd;
        }

        if (_inForce is not { } configuration)
        {
            _leftUnswept = true;
            return null;
        }

        return configuration.RouteExpiry == RouteExpiry.Predicted ? stored.ReservedUsd : 0;
    }
}
