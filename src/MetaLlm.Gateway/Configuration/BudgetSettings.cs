using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What a tenant may spend. Without a member there is no such limit.</summary>
public sealed class BudgetSettings
{
    /// <summary>Mean spend per request to keep, USD.</summary>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? UsdPerRequest { get; init; }

    /// <summary>Spend that is never exceeded within a window, USD.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? HardCapUsd { get; init; }

    /// <summary>Length of the hard cap's window, hours; windows are aligned to the Unix epoch.</summary>
    [Range(1.0 / 60, 24.0 * 366)]
    public double HardCapWindowHours { get; init; } = 24;

    /// <summary>How much the hard cap, and the budgets of hour, day and month, set aside for a call while it runs: the most that it can cost, what 99 of 100 cost at most, or its predicted cost, with which they can be passed.</summary>
    public HardCapReserve HardCapReserve { get; init; }

    /// <summary>Spend of a calendar hour, USD, never exceeded and spread over the hour's requests.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? UsdPerHour { get; init; }

    /// <summary>The same for a day, from midnight to midnight UTC.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? UsdPerDay { get; init; }

    /// <summary>The same for a calendar month, UTC.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? UsdPerMonth { get; init; }
}
