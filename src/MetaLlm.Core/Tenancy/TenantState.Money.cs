using MetaLlm.Core.Budgets;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    private readonly WindowPacer _windows = new();
    private readonly QualityFloor _floor = new();
    private readonly WastedSpend _wasted = new();
    private DateTimeOffset _now = DateTimeOffset.MinValue;

    private static double? Budget(TenantConfiguration configuration, BudgetWindow window) => window switch
    {
        BudgetWindow.Hour => configuration.UsdPerHour,
        BudgetWindow.Day => configuration.UsdPerDay,
        _ => configuration.UsdPerMonth,
    };

    /// <summary>Shadow price in force, quality per USD: of the budget that asks for the highest; the floor's while no budget asks for more.</summary>
    private double Lambda(TenantConfiguration configuration, double windowTarget) =>
        configuration.PriceWeight + Math.Max(BudgetLambda(windowTarget), _floor.Lambda);

    private double BudgetLambda(double windowTarget) => Math.Max(_pacer.Lambda, _windows.Lambda(windowTarget));

    /// <summary>Mean spend per request to keep, USD: the least that a budget asks for; infinite without one.</summary>
    private double Target(double windowTarget) => Math.Min(_pacer.Target, windowTarget);

    /// <summary>Mean spend per request that the windows' budgets ask for, USD; infinite without any. It takes exponentials of every window: callers ask once.</summary>
    private double WindowTarget(TenantConfiguration configuration, DateTimeOffset at)
    {
        var target = double.PositiveInfinity;
        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            if (Budget(configuration, window) is { } usd)
            {
                target = Math.Min(target, _windows.Target(window, LeftToAll(window, usd, at), at));
            }
        }

        return target;
    }

    /// <summary>What a window's budget has left after the spend of every owner, as far as it is known here: the rate of requests is everybody's too.</summary>
    private double LeftToAll(BudgetWindow window, double usd, DateTimeOffset at)
    {
        var left = _ledger.RemainingUsd(window, usd, at);
        foreach (var other in _others)
        {
            left -= other.UsedUsd(window, at);
        }

        return left;
    }

    /// <summary>An owner's part of a cap: equal parts, which never add up to more than the cap.</summary>
    private decimal Part(double capUsd) => SpendLedger.Part(capUsd, _others.Count + 1);

    /// <summary>Whether an amount can be set aside besides all that is, for a call that runs and turns to another arm.</summary>
    /// <param name="usd">The amount, USD.</param>
    /// <param name="at">When.</param>
    /// <param name="heldUsd">USD that others have been promised and that no event tells of yet.</param>
    /// <returns>Null when it can; else what stands in the way.</returns>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    public HardCapRefusal? Refuses(double usd, DateTimeOffset at, double heldUsd = 0)
    {
        var configuration = Configured();
        return usd > 0 && SpendLedger.Round(usd) > Headroom(configuration, at, heldUsd)
            ? Refusal(configuration, at, heldUsd, SpendLedger.Round(usd), null)
            : null;
    }

    /// <summary>What caps can still hold back without passing the hard cap or a window's budget, USD; the largest number there is without any.</summary>
    private decimal Headroom(TenantConfiguration configuration, DateTimeOffset at, double heldUsd)
    {
        var headroom = configuration.HardCapUsd is { } cap ? _ledger.Headroom(Part(cap), configuration.HardCapWindow, at) : decimal.MaxValue;
        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            if (Budget(configuration, window) is { } usd)
            {
                headroom = Math.Min(headroom, _ledger.Headroom(window, Part(usd), at));
            }
        }

        // Calls may have cost more than was set aside for them; what costs nothing passes no cap even then.
        return headroom == decimal.MaxValue ? headroom : Math.Max(0, headroom - SpendLedger.Round(heldUsd));
    }

    /// <summary>When the last of the windows ends that have no room for an amount.</summary>
    private DateTimeOffset EndOfBlocking(TenantConfiguration configuration, DateTimeOffset at, double heldUsd, decimal usd)
    {
        var (end, wanted) = (DateTimeOffset.MinValue, usd + SpendLedger.Round(heldUsd));
        if (configuration.HardCapUsd is { } cap && _ledger.Headroom(Part(cap), configuration.HardCapWindow, at) < wanted)
        {
            end = _ledger.EndOf(configuration.HardCapWindow, at);
        }

        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            if (Budget(configuration, window) is { } budget && _ledger.Headroom(window, Part(budget), at) < wanted && BudgetWindows.EndOf(window, at) is var ends && ends > end)
            {
                end = ends;
            }
        }

        return end;
    }

    private HardCapRefusal Refusal(TenantConfiguration configuration, DateTimeOffset at, double heldUsd, decimal usd, int? maxOutputTokens)
    {
        var end = EndOfBlocking(configuration, at, heldUsd, usd);
        return new HardCapRefusal(end, end > at ? end - at : TimeSpan.Zero, maxOutputTokens);
    }

    /// <summary>The one event that may set the state's own time back.</summary>
    private void ResetBudget(BudgetResetEvent reset)
    {
        var configuration = Configured();
        _ledger.Reset(configuration.HardCapWindow, reset.At);
        _pacer.Reset(SuggestLambda(configuration));
        _windows.Reset();
        _purse.Reset();
        _now = reset.At.ToUniversalTime();
    }

    private IEnumerable<WindowReport> ReportWindows(TenantConfiguration configuration)
    {
        if (configuration.HardCapUsd is { } cap)
        {
            yield return new WindowReport(
                BudgetWindow.HardCap,
                (double)Part(cap),
                _ledger.SpentUsd(configuration.HardCapWindow, _now),
                (double)_ledger.Headroom(Part(cap), configuration.HardCapWindow, _now),
                double.NaN,
                _ledger.EndOf(configuration.HardCapWindow, _now));
        }

        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            if (Budget(configuration, window) is { } usd)
            {
                yield return new WindowReport(
                    window,
                    (double)Part(usd),
                    _ledger.SpentUsd(window, _now),
                    (double)_ledger.Headroom(window, Part(usd), _now),
                    _windows.Target(window, LeftToAll(window, usd, _now), _now),
                    BudgetWindows.EndOf(window, _now));
            }
        }
    }

    /// <summary>Replaces what was set aside for a call by what it cost, with all attempts.</summary>
    /// <returns>What it cost in all, USD.</returns>
    private double Charge(SettledEvent settled, TenantConfiguration configuration)
    {
        var costUsd = settled.CostUsd;
        foreach (var attempt in settled.FailedAttempts)
        {
            costUsd += attempt.CostUsd!.Value;
            if (attempt.Kind != FailureKind.Escalated)
            {
                _wasted.Add(IdNow(attempt.ArmId, settled.Decision.Ordinal), attempt.CostUsd.Value);
            }
        }

        _ledger.Release(settled.Decision.ReservedUsd, settled.Decision.BoundUsd);
        _ledger.Charge(costUsd, configuration.HardCapWindow, settled.At);
        return costUsd;
    }

    // A call that was refused, or never made, has saved nothing. One that the caller pinned was none of the pacer's choices: neither what it cost nor what it
    // was predicted to cost says how routed calls are to be priced. Windows still have spent what it cost.
    private static bool IsPaced(SettledEvent settled, double costUsd) =>
        !settled.Decision.Pinned && (costUsd > 0 || settled.Outcome == CallOutcome.Completed);

    private QualityFloorReport? ReportFloor(TenantConfiguration configuration)
    {
        if (configuration.QualityFloor is not { } floor)
        {
            return null;
        }

        var status = _floor.Rewards < QualityFloor.FewestRewards ? QualityFloorStatus.Learning
            : _floor.RecentReward < floor && BudgetLambda(WindowTarget(configuration, _now)) > _floor.Lambda ? QualityFloorStatus.LimitedByBudget
            : _floor.Exhausted ? QualityFloorStatus.Infeasible
            : QualityFloorStatus.Held;
        return new QualityFloorReport(floor, _floor.RecentReward, _floor.Rewards, status);
    }

    // Clocks of several nodes differ a little, and the state's own time never goes back.
    private void Advance(DateTimeOffset at) => _now = at > _now ? at.ToUniversalTime() : _now;
}
