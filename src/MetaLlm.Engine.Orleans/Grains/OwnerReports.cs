using System.Security.Cryptography;
using System.Text;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Adds up what the owners of one tenant report.</summary>
internal static class OwnerReports
{
    /// <summary>
    /// The report of the tenant: decisions, events and money of all owners. What is learned is what the first has learned, which has taken in the others.
    /// </summary>
    /// <param name="first">The report of the first owner.</param>
    /// <param name="others">Those of the others, in the order of their numbers.</param>
    public static TenantReport Sum(TenantReport first, IReadOnlyList<TenantReport> others)
    {
        TenantReport[] all = [first, .. others];
        return first with
        {
            Decisions = all.Sum(one => one.Decisions),
            EventsApplied = all.Sum(one => one.EventsApplied),
            RewardsApplied = all.Sum(one => one.RewardsApplied),
            RewardsIgnored = all.Sum(one => one.RewardsIgnored),
            RewardsDefaulted = all.Sum(one => one.RewardsDefaulted),
            SpendUsd = all.Sum(one => one.SpendUsd),
            ReservedUsd = all.Sum(one => one.ReservedUsd),
            BoundUsd = all.Sum(one => one.BoundUsd),
            WastedUsd = all.Sum(one => one.WastedUsd),
            Windows = [.. first.Windows.Select((window, w) => Sum(window, [.. others.Where(one => w < one.Windows.Count).Select(one => one.Windows[w])]))],
            Arms = [.. first.Arms.Select(arm => arm with { WastedUsd = all.Sum(one => Of(one, arm)?.WastedUsd ?? 0), Drifts = all.Any(one => Of(one, arm)?.Drifts == true) })],
            StateHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(all.Select(one => one.StateHash))))),
        };
    }

    private static ArmReport? Of(TenantReport report, ArmReport arm) => report.Arms.FirstOrDefault(other => other.ArmId == arm.ArmId);

    private static WindowReport Sum(WindowReport first, WindowReport[] others) => first with
    {
        BudgetUsd = first.BudgetUsd + others.Sum(one => one.BudgetUsd),
        SpentUsd = first.SpentUsd + others.Sum(one => one.SpentUsd),
        LeftUsd = first.LeftUsd + others.Sum(one => one.LeftUsd),
        EndsAt = others.Select(one => one.EndsAt).Append(first.EndsAt).Max(),
    };
}
