using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

/// <summary>What becomes of calls: another arm takes over, or they end.</summary>
public sealed partial class TenantState
{
    private void Reroute(ReroutedEvent rerouted)
    {
        Configured();
        Check(rerouted);
        _ledger.Release(rerouted.Decision.ReservedUsd, rerouted.Decision.BoundUsd);
        _ledger.Reserve(rerouted.ReservedUsd, rerouted.BoundUsd);
        if (rerouted.Decision.IsOfPolicy)
        {
            _imputation?.Rerouted(rerouted.Decision.Ordinal);
            _conversations.Rerouted(rerouted.Decision.Ordinal, rerouted.ToArm, CacheOf(rerouted.ToArm), rerouted.At);
        }
    }

    private static void Check(ReroutedEvent rerouted)
    {
        CheckMeasure(nameof(rerouted.ReservedUsd), rerouted.ReservedUsd);
        CheckMeasure(nameof(rerouted.BoundUsd), rerouted.BoundUsd);
        CheckMeasure("Decision.ReservedUsd", rerouted.Decision.ReservedUsd);
        CheckMeasure("Decision.BoundUsd", rerouted.Decision.BoundUsd);
    }

    private static void Check(SettledEvent settled)
    {
        CheckMeasure(nameof(settled.CostUsd), settled.CostUsd);
        CheckMeasure("Decision.ReservedUsd", settled.Decision.ReservedUsd);
        CheckMeasure("Decision.BoundUsd", settled.Decision.BoundUsd);
        CheckMeasure("Usage.Input", settled.Usage.Input);
        CheckMeasure("Usage.CachedInput", settled.Usage.CachedInput);
        CheckMeasure("Usage.Output", settled.Usage.Output);
        CheckMeasure(nameof(settled.LatencySeconds), double.IsNaN(settled.LatencySeconds) ? 0 : settled.LatencySeconds);
        foreach (var attempt in settled.FailedAttempts)
        {
            CheckMeasure("FailedAttempts.CostUsd", attempt.CostUsd ?? double.NaN);
        }

        if (settled.Weighed?.Fault() is { } fault)
        {
            throw new ArgumentException($"Weighed: {fault}", nameof(settled));
        }
    }

    private void Settle(SettledEvent settled)
    {
        var configuration = Configured();
        Check(settled);
        if (!settled.Decision.IsOfPolicy)
        {
            Charge(settled, configuration);
            return;
        }

        var served = Find(settled.Decision);
        var costUsd = Charge(settled, configuration);
        LearnWeighed(settled);
        _canary?.Settled(settled, configuration.Canary!.Tolerance);
        var windowTarget = WindowTarget(configuration, settled.At);
        Pace(settled, costUsd, windowTarget);
        if (settled.Outcome == CallOutcome.Completed && _imputation is not null && _imputation.Completed(settled))
        {
            StartImputing(settled.At);
        }

        Learn(settled, served, windowTarget);
    }

    private void Pace(SettledEvent settled, double costUsd, double windowTarget)
    {
        if (IsPaced(settled, costUsd))
        {
            // Of a call that was escalated, the decision's own prediction: that is what the decision was counted with, and what both calls cost beside it is what the price must answer for.
            var predictedUsd = settled.Weighed is { Second: not null } weighed ? weighed.FirstUsd : settled.Decision.ReservedUsd;
            _pacer.Observe(costUsd, predictedUsd);
            _windows.Observe(costUsd, predictedUsd, windowTarget);
        }
    }

    private void Learn(SettledEvent settled, int? served, double windowTarget)
    {
        LearnFailures(settled);
        var expectedCached = _conversations.Settled(settled);
        if (served is { } arm)
        {
            _policy!.OnSettled(Observation(settled, arm, Target(windowTarget), ClockOf(settled.Decision.Ordinal), expectedCached));
            if (FirstCall(settled) is { } first && Place(first.Decision.ServedArm, first.Decision.Ordinal) is { } one)
            {
                _policy.OnSettled(Observation(first, one, Target(windowTarget), ClockOf(first.Decision.Ordinal)));
            }
        }
    }

    private static SettledObservation Observation(SettledEvent settled, int arm, double targetUsdPerRequest, long ordinal, double expectedCached = double.NaN) => new()
    {
        Arm = arm,
        Context = settled.Decision.Context,
        Usage = settled.Usage,
        InputTokens = settled.Decision.InputTokens,
        ExpectedCached = expectedCached,
        Ordinal = ordinal,
        At = settled.At,
        CostUsd = settled.CostUsd,
        LatencySeconds = settled.LatencySeconds,
        TargetUsdPerRequest = targetUsdPerRequest,
        Complete = settled.Outcome == CallOutcome.Completed,
    };
}
