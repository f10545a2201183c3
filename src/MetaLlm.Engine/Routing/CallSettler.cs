using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Routing;

/// <summary>Settles one decision, once. It waits for nothing and never listens to the client's cancellation.</summary>
internal sealed class CallSettler(PendingSettlements settlements, TimeProvider time, string tenant, string decisionId)
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

    public void Settle(CallOutcome outcome, TokenUsage usage)
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
        settlements.Start(tenant, Arm, settlement, SinceRequest);
    }

    /// <summary>Waits until the decision is settled, or for so long.</summary>
    /// <exception cref="TimeoutException">It is not.</exception>
    public Task WaitAsync(TimeSpan patience) => settlements.WaitAsync(tenant, decisionId, CancellationToken.None).WaitAsync(patience, time);
}
