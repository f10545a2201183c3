using MetaLlm.Chaos.Cluster;

namespace MetaLlm.Chaos.Judging;

/// <summary>Compares what was promised with what is there. Knows nothing of how either was found out.</summary>
internal static class Oracle
{
    private const double Tolerance = 1e-6;

    /// <summary>Looks for what is lost, counted twice, handed out twice, or seen differently by different hosts.</summary>
    /// <param name="promised">What clients may rely on.</param>
    /// <param name="stored">What gateways say, asked when nothing was under way.</param>
    public static IReadOnlyList<Finding> Compare(TenantPromises promised, StoredTenant stored)
    {
        var findings = new List<Finding>(promised.Reused);
        var name = TenantKeys.Id(promised.Tenant);
        foreach (var decision in promised.Decisions)
        {
            var found = stored.Decisions[decision.Id];
            if (!found.Found)
            {
                findings.Add(new(FindingKind.Lost, $"{name}: decision {decision.Id} is not there."));
            }
            else if (found.Feedback < decision.Feedback || (found.Feedback == decision.Feedback && found.Reward != decision.Reward))
            {
                findings.Add(new(
                    FindingKind.Lost,
                    $"{name}: decision {decision.Id} has {found.Feedback} pieces of feedback and reward {found.Reward}; {decision.Feedback} and {decision.Reward} were acknowledged."));
            }
            else if (found.Feedback > decision.Feedback + promised.Open)
            {
                findings.Add(new(
                    FindingKind.Doubled,
                    $"{name}: decision {decision.Id} has {found.Feedback} pieces of feedback; {decision.Feedback} were acknowledged, {promised.Open} are open."));
            }
        }

        CompareCounts(promised, stored, name, findings);
        if (stored.Hashes.Values.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            findings.Add(new(
                FindingKind.Disagreement, $"{name}: hosts disagree on its state: {string.Join(", ", stored.Hashes.Select(hash => $"{hash.Key} {hash.Value}"))}."));
        }

        return findings;
    }

    private static void CompareCounts(TenantPromises promised, StoredTenant stored, string name, List<Finding> findings)
    {
        if (stored.RewardsApplied < promised.Feedback)
        {
            findings.Add(new(FindingKind.Lost, $"{name}: {stored.RewardsApplied} rewards are applied; {promised.Feedback} were acknowledged."));
        }
        else if (stored.RewardsApplied > promised.Feedback + promised.Open)
        {
            findings.Add(new(
                FindingKind.Doubled, $"{name}: {stored.RewardsApplied} rewards are applied; {promised.Feedback} were acknowledged, {promised.Open} are open."));
        }

        if (promised.Open == 0 && (stored.Rewarded != promised.Rewarded || Math.Abs(stored.RewardSum - promised.RewardSum) > Tolerance * (1 + promised.Rewarded)))
        {
            var kind = stored.RewardSum > promised.RewardSum ? FindingKind.Doubled : FindingKind.Lost;
            findings.Add(new(
                kind,
                $"{name}: rewards in force are {stored.Rewarded} with sum {stored.RewardSum:0.######}; {promised.Rewarded} with sum {promised.RewardSum:0.######} were acknowledged."));
        }
    }
}
