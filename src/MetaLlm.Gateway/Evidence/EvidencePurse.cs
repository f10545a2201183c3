using MetaLlm.Core.Budgets;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Evidence;

/// <summary>What is left in a purse.</summary>
internal static class EvidencePurse
{
    /// <summary>Reads it off the cap of the tenant that pays. Its clock stands while nothing is bought, so that a window which has ended since is full again.</summary>
    /// <param name="usd">What a window holds, USD.</param>
    /// <param name="report">Of the tenant that pays; null while nothing was bought.</param>
    /// <param name="now">The time.</param>
    /// <returns>USD, 0 to <paramref name="usd"/>.</returns>
    public static double Left(double usd, TenantReport? report, DateTimeOffset now) =>
        report?.Windows.FirstOrDefault(window => window.Window == BudgetWindow.HardCap) is { } cap && cap.EndsAt > now ? Math.Clamp(cap.LeftUsd, 0, usd) : usd;
}
