namespace MetaLlm.Core.Budgets;

/// <summary>Where windows begin and end.</summary>
internal static class BudgetWindows
{
    /// <summary>How many kinds the calendar has; the hard cap's windows are none of them.</summary>
    public const int Count = 3;

    /// <summary>Number of the window that a time lies in; later windows have larger numbers.</summary>
    public static long IndexOf(BudgetWindow window, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return window switch
        {
            BudgetWindow.Hour => utc.Ticks / TimeSpan.TicksPerHour,
            BudgetWindow.Day => utc.Ticks / TimeSpan.TicksPerDay,
            _ => (utc.Year * 12L) + utc.Month - 1,
        };
    }

    /// <summary>Seconds from a time to the end of its window, above 0.</summary>
    public static double SecondsLeft(BudgetWindow window, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var left = window switch
        {
            BudgetWindow.Hour => TimeSpan.TicksPerHour - (utc.Ticks % TimeSpan.TicksPerHour),
            BudgetWindow.Day => TimeSpan.TicksPerDay - (utc.Ticks % TimeSpan.TicksPerDay),
            _ => (DateTime.DaysInMonth(utc.Year, utc.Month) * TimeSpan.TicksPerDay) - ((utc.Day - 1) * TimeSpan.TicksPerDay) - utc.TimeOfDay.Ticks,
        };
        return left / (double)TimeSpan.TicksPerSecond;
    }

    /// <summary>When the window began that a time lies in, UTC.</summary>
    public static DateTimeOffset StartOf(BudgetWindow window, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var start = window switch
        {
            BudgetWindow.Hour => new DateTime(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerHour), DateTimeKind.Utc),
            BudgetWindow.Day => utc.Date,
            _ => new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        return new DateTimeOffset(start, TimeSpan.Zero);
    }

    /// <summary>When the window ends that a time lies in, UTC.</summary>
    public static DateTimeOffset EndOf(BudgetWindow window, DateTimeOffset at)
    {
        var left = SecondsLeft(window, at);
        var now = at.ToUniversalTime();
        return (DateTimeOffset.MaxValue - now).TotalSeconds > left ? now.AddTicks((long)Math.Round(left * TimeSpan.TicksPerSecond)) : DateTimeOffset.MaxValue;
    }

    /// <summary>Seconds that the window's rate of requests looks back: as far as traffic of the rest of the window is like.</summary>
    public static double Memory(BudgetWindow window) => window switch
    {
        BudgetWindow.Hour => 1800,
        BudgetWindow.Day => 86_400,
        _ => 7 * 86_400,
    };
}
