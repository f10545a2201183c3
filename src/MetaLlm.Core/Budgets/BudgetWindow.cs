namespace MetaLlm.Core.Budgets;

/// <summary>A stretch of time that a budget is for. Windows are those of the calendar in UTC, but for the hard cap's.</summary>
public enum BudgetWindow
{
    /// <summary>From one full hour to the next.</summary>
    Hour = 0,

    /// <summary>From midnight to midnight.</summary>
    Day = 1,

    /// <summary>From the first of a month to the first of the next.</summary>
    Month = 2,

    /// <summary>The hard cap's own, of any length and aligned to the Unix epoch.</summary>
    HardCap = 3,
}
