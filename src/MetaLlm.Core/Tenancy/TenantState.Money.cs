using MetaLlm.Core.Budgets;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    private readonly WindowPacer _windows = new();
    private readonly QualityFloor _floor = new();
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
                target = Math.Min(target, _windows.Target(window, _ledger.RemainingUsd(window, usd, at), at));
            }
        }

        return target;
    }

    /// <summary>What can still be set aside without passing the hard cap or a window's budget, USD; infinite without any.</summary>
    private double RemainingUsd(TenantConfiguration configuration, DateTimeOffset at)
    {
        var remaining = configuration.HardCapUsd is { } cap ? _ledger.RemainingUsd(cap, configuration.HardCapWindow, at) : double.PositiveInfinity;
        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            if (Budget(configuration, window) is { } usd)
            {
                remaining = Math.Min(remaining, _ledger.RemainingUsd(window, usd, at));
            }
        }

        return remaining;
    }

    private IEnumerable<WindowReport> ReportWindows(TenantConfiguration configuration)
    {
        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            if (Budget(configuration, window) is { } usd)
            {
                var left = _ledger.RemainingUsd(window, usd, _now);
                yield return new WindowReport(window, usd, _ledger.SpentUsd(window, _now), left, _windows.Target(window, left, _now));
            }
        }
    }

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
