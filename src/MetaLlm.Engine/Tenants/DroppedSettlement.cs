using MetaLlm.Engine.Journal;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

/// <summary>Tells of a settlement that changed nothing: what was recorded first stands, and its cost may not be what the call cost.</summary>
public static partial class DroppedSettlement
{
    /// <summary>Logs and counts it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="settlement">A settlement of a decision that is settled already, or unknown.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="logger">The engine's log.</param>
    public static void Report(string tenant, Settlement settlement, EngineMetrics metrics, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        ArgumentNullException.ThrowIfNull(metrics);
        metrics.RecordSettlementDropped(settlement.Outcome);
        Log(logger, settlement.Outcome, settlement.DecisionId, tenant);
    }

    // A client that repeats its report is enough for this line, so that it is no warning.
    [LoggerMessage(2024, LogLevel.Information, "A settlement ({Outcome}) of decision {DecisionId} of tenant {Tenant} changed nothing: the decision is settled already, or unknown.")]
    private static partial void Log(ILogger logger, Core.Tenancy.CallOutcome outcome, string decisionId, string tenant);
}
