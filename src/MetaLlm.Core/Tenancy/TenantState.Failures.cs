using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    // Whatever the context of the decision: that an arm fails does not depend on how queries are seen.
    private void LearnFailures(SettledEvent settled)
    {
        var attempts = settled.FailedAttempts;
        for (var i = 0; i < attempts.Count; i++)
        {
            if (attempts[i].Kind == FailureKind.Escalated)
            {
                continue;
            }

            var final = settled.Outcome == CallOutcome.Failed && i == attempts.Count - 1;
            Fail(attempts[i].ArmId, attempts[i].Kind, attempts[i].CostUsd ?? 0, attempts[i].Seconds, final, settled);
        }

        if (settled.Outcome == CallOutcome.Cut)
        {
            var seconds = double.IsNaN(settled.LatencySeconds) ? 0 : settled.LatencySeconds;
            Fail(settled.Decision.ServedArm, FailureKind.Cut, settled.CostUsd, seconds, final: true, settled);
        }
    }

    private void Fail(string armId, FailureKind kind, double usd, double seconds, bool final, SettledEvent settled)
    {
        if (Place(armId, settled.Decision.Ordinal) is { } arm && usd >= 0 && double.IsFinite(usd) && seconds >= 0 && double.IsFinite(seconds))
        {
            _policy!.OnFailed(new FailedObservation(arm, kind, usd, seconds, final, ClockOf(settled.Decision.Ordinal)));
        }
    }
}
