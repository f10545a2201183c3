using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>Turns what callers report of calls that they made themselves into settlements. It records nothing.</summary>
/// <param name="engine">Where tenants live.</param>
/// <param name="catalog">What arms cost.</param>
public sealed class OutcomeReports(ITenantEngine engine, IArmCatalog catalog)
{
    /// <summary>Prices reports, with one look at the decisions that they are about.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="reports">The reports; several may be about one decision.</param>
    /// <param name="cancellationToken">Cancels the look.</param>
    /// <returns>For each what is to be done, in order.</returns>
    public async Task<IReadOnlyList<PricedReport>> PriceAsync(string tenant, IReadOnlyList<OutcomeReport> reports, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reports);
        if (reports.Count == 0)
        {
            return [];
        }

        string[] ids = [.. reports.Select(report => report.DecisionId).Distinct(StringComparer.Ordinal)];
        var found = await engine.FindDecisionsAsync(tenant, ids, cancellationToken).ConfigureAwait(false);
        var decisions = found.ToDictionary(stored => stored.Decision.DecisionId, StringComparer.Ordinal);
        var targets = catalog.Targets(tenant);
        return [.. reports.Select(report => decisions.TryGetValue(report.DecisionId, out var stored) ? Price(report, stored, targets) : default)];
    }

    private static PricedReport Price(OutcomeReport report, StoredDecision stored, IReadOnlyDictionary<string, ArmTarget> targets)
    {
        if (stored.Decision.Origin == DecisionOrigin.Call)
        {
            return new PricedReport(null, IsOwnCall: true);
        }

        if (stored.Settlement is not null)
        {
            return default;
        }

        // An arm that has left the configuration has no price any more: what was set aside for the call is the best that is known.
        TokenPrices? prices = targets.TryGetValue(stored.ServedArm, out var target) ? target.PricesAt(stored.Decision.At) : null;
        var cost = report.CostUsd ?? (report.Usage is { } counted && prices is { } listed ? listed.Cost(counted) : stored.ReservedUsd);
        return new PricedReport(
            new Settlement
            {
                DecisionId = report.DecisionId,
                Outcome = CallOutcome.Completed,
                Usage = report.Usage ?? new TokenUsage(stored.Decision.InputTokens, 0, prices?.OutputFor(cost, stored.Decision.InputTokens) ?? 0),
                CostUsd = cost,
                LatencySeconds = report.LatencySeconds,
            },
            IsOwnCall: false);
    }
}
