using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

/// <summary>Settles one decision, once. It never listens to the client's cancellation: money is owed whether or not the client stays.</summary>
internal sealed partial class CallSettler(
    ITenantEngine engine, RoutingMetrics metrics, TimeProvider time, ILogger logger, string tenant, string decisionId)
{
    private readonly long _requested = time.GetTimestamp();
    private long _attempted;
    private int _settled;

    /// <summary>The arm that is being tried, or that answers.</summary>
    public string Arm { get; private set; } = string.Empty;

    public TimeSpan SinceRequest => time.GetElapsedTime(_requested);

    public void Attempting(string arm)
    {
        Arm = arm;
        _attempted = time.GetTimestamp();
    }

    public async ValueTask SettleAsync(CallOutcome outcome, TokenUsage usage)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            return;
        }

        var settlement = new Settlement
        {
            DecisionId = decisionId,
            Outcome = outcome,
            Usage = usage,
            CostUsd = outcome == CallOutcome.Failed ? 0 : null,
            LatencySeconds = outcome == CallOutcome.Completed ? time.GetElapsedTime(_attempted).TotalSeconds : null,
        };
        using var activity = RoutingActivities.Settle(tenant, Arm, settlement);
        try
        {
            await engine.SettleAsync(tenant, settlement, CancellationToken.None).ConfigureAwait(false);
            metrics.Settled(tenant, Arm, settlement, SinceRequest);
        }
#pragma warning disable CA1031 // The answer is already on its way; the decision expires later and is charged what was reserved.
        catch (Exception e)
#pragma warning restore CA1031
        {
            activity.Failed(e);
            LogSettlementLost(logger, e is EngineUnavailableException or FencedException ? null : e, tenant, decisionId, outcome, e.Message);
        }
    }

    /// <summary>Waits for a settlement, and leaves it to itself when it takes too long.</summary>
    public async ValueTask AtMostAsync(ValueTask settling, TimeSpan patience) =>
        await settling.AsTask().WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(1011, LogLevel.Error, "Settlement of decision {DecisionId} of tenant {Tenant} ({Outcome}) could not be recorded; it will expire at its reserved amount. {Reason}")]
    private static partial void LogSettlementLost(
        ILogger logger, Exception? defect, string tenant, string decisionId, CallOutcome outcome, string reason);
}
