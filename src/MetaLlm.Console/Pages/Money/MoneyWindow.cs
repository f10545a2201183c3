using MetaLlm.Core.Budgets;
using MetaLlm.Engine.Usage;
using MetaLlm.Evaluation.Money;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>How a window of a budget will end.</summary>
/// <param name="Window">Which.</param>
/// <param name="BudgetUsd">What may be spent in it, USD; null for no limit.</param>
/// <param name="Forecast">What will have been.</param>
public sealed record MoneyWindow(BudgetWindow Window, double? BudgetUsd, SpendForecast Forecast)
{
    /// <summary>Whether the budget will hold: null without one; false where the forecast is above it.</summary>
    public bool? Holds => BudgetUsd is { } budget ? Forecast.ForecastUsd <= budget : null;

    /// <summary>Looks at the windows that have a budget, and at the month.</summary>
    /// <param name="hours">Sums per hour.</param>
    /// <param name="now">The present.</param>
    /// <param name="month">When the month began.</param>
    /// <param name="budgets">The budgets.</param>
    /// <param name="history">How far back forecasts look.</param>
    public static IReadOnlyList<MoneyWindow> Of(IReadOnlyList<UsageSum> hours, DateTimeOffset now, DateTimeOffset month, BudgetSettings budgets, TimeSpan history)
    {
        ArgumentNullException.ThrowIfNull(budgets);
        var hour = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero);
        var cap = TimeSpan.FromHours(budgets.HardCapWindowHours);
        var capBegin = DateTimeOffset.UnixEpoch + (cap * Math.Floor((now - DateTimeOffset.UnixEpoch) / cap));
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        MoneyWindow Make(BudgetWindow window, double? budget, DateTimeOffset begin, DateTimeOffset end) => new(window, budget, SpendForecast.Of(hours, now, begin, end, history));
        return
        [
            .. budgets.UsdPerHour is { } perHour ? [Make(BudgetWindow.Hour, perHour, hour, hour.AddHours(1))] : Array.Empty<MoneyWindow>(),
            .. budgets.UsdPerDay is { } perDay ? [Make(BudgetWindow.Day, perDay, day, day.AddDays(1))] : Array.Empty<MoneyWindow>(),
            .. budgets.HardCapUsd is { } hard ? [Make(BudgetWindow.HardCap, hard, capBegin, capBegin + cap)] : Array.Empty<MoneyWindow>(),
            Make(BudgetWindow.Month, budgets.UsdPerMonth, month, month.AddMonths(1)),
        ];
    }
}
