using System.Globalization;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>What other policies would choose, so far as one policy's state tells. Most keep what they learn in a form of their own, which this tenant does not have.</summary>
internal static class OtherChoices
{
    public const string AlwaysCheapest = "The least predicted cost.";
    public const string AnyOf = "Any of {0} models, each as often.";
    public const string BestMean = "The best mean reward among models whose mean cost fits the budget ({0}).";
    public const string NoMeans = "Not every model has a reward yet; it would try each of them first.";
    public const string OwnForm = "It learns in a form of its own, which this tenant's state does not hold. A replay of the log or an estimate from it tells.";

    /// <summary>Looks at every policy but the tenant's own.</summary>
    /// <param name="decision">A decision of the tenant's policy.</param>
    /// <param name="report">What the tenant has seen.</param>
    public static IReadOnlyList<OtherChoice> Of(DecisionRecord decision, TenantReport report)
    {
        var open = decision.Arms.Where(arm => arm.Exclusion is null).ToList();
        return [.. PolicyRegistry.All.Where(policy => policy.Name != decision.Policy).Select(policy => policy.Name switch
        {
            "cheapest" => new OtherChoice(policy.Name, open.MinBy(arm => arm.CostUsd)?.ArmId, AlwaysCheapest),
            "random" => new OtherChoice(policy.Name, null, AnyOf, open.Count.ToString(CultureInfo.CurrentCulture)),
            "best-single" => BestSingle(policy.Name, open, report),
            _ => new OtherChoice(policy.Name, null, OwnForm),
        }).OrderByDescending(choice => choice.Why != OwnForm)];
    }

    private static OtherChoice BestSingle(string policy, List<ArmAssessment> open, TenantReport report)
    {
        var seen = report.Arms.Where(arm => open.Any(one => one.ArmId == arm.ArmId)).ToList();
        if (seen.Count == 0 || seen.Any(arm => arm.Statistics.Rewards == 0))
        {
            return new OtherChoice(policy, null, NoMeans);
        }

        var target = report.Windows.Select(window => window.TargetUsdPerRequest).Where(double.IsFinite).DefaultIfEmpty(double.PositiveInfinity).Min();
        var fitting = seen.Where(arm => arm.Statistics.MeanCostUsd <= target).ToList();
        var best = fitting.Count > 0 ? fitting.MaxBy(arm => arm.Statistics.MeanReward)! : seen.MinBy(arm => arm.Statistics.MeanCostUsd)!;
        return new OtherChoice(policy, best.ArmId, BestMean, best.Statistics.MeanReward.ToString("N3", CultureInfo.CurrentCulture));
    }
}
