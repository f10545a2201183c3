namespace MetaLlm.Core.Guarantees;

/// <summary>
/// The cheapest mix of candidates over topics whose mean bound is within a target: a linear programme with one constraint. Each topic's options form a concave hull of saving over bound; its
/// steps are taken in the order of saving per bound until the target is used up, and the last one in part.
/// </summary>
internal static class CheapestMix
{
    /// <summary>Sets the mix of every topic.</summary>
    /// <param name="topics">The topics; their weights say how many requests are theirs.</param>
    /// <param name="isAside">Of each candidate, whether it can serve no request at all.</param>
    /// <param name="target">Mean bound over all requests, above 0.</param>
    public static void Solve(IReadOnlyList<TopicEvidence> topics, bool[] isAside, double target)
    {
        var total = 0.0;
        var steps = new List<Step>();
        foreach (var topic in topics)
        {
            topic.Mix = (GuaranteePlan.Reference, GuaranteePlan.Reference, 0);
            total += topic.Weight;
            AddSteps(topic, isAside, steps);
        }

        steps.Sort(static (a, b) => b.Saving.CompareTo(a.Saving));
        var left = target * total;
        foreach (var step in steps)
        {
            var used = step.Bound * step.Topic.Weight;
            var share = used <= left ? 1 : left / used;
            step.Topic.Mix = (step.From, step.To, share);
            left -= share * used;
            if (share < 1)
            {
                break;
            }
        }
    }

    private static void AddSteps(TopicEvidence topic, bool[] isAside, List<Step> steps)
    {
        var hull = new List<(int Arm, double Bound, double Saving)> { (GuaranteePlan.Reference, 0, 0) };
        var options = new List<(int Arm, double Bound, double Saving)>();
        for (var arm = 0; arm < topic.Candidates.Length; arm++)
        {
            var (bound, saving) = (topic.Candidates[arm].Bound, topic.Cost(GuaranteePlan.Reference) - topic.Cost(arm));
            if (bound < 1 && saving > 0 && !isAside[arm])
            {
                options.Add((arm, bound, saving));
            }
        }

        options.Sort(static (a, b) => a.Bound != b.Bound ? a.Bound.CompareTo(b.Bound) : b.Saving.CompareTo(a.Saving));
        foreach (var option in options)
        {
            if (option.Saving <= hull[^1].Saving)
            {
                continue;
            }

            while (hull.Count > 1 && Slope(hull[^2], option) >= Slope(hull[^2], hull[^1]))
            {
                hull.RemoveAt(hull.Count - 1);
            }

            hull.Add(option);
        }

        for (var i = 1; i < hull.Count; i++)
        {
            steps.Add(new Step(topic, hull[i - 1].Arm, hull[i].Arm, hull[i].Bound - hull[i - 1].Bound, Slope(hull[i - 1], hull[i])));
        }
    }

    private static double Slope((int Arm, double Bound, double Saving) from, (int Arm, double Bound, double Saving) to) => (to.Saving - from.Saving) / Math.Max(to.Bound - from.Bound, 1e-12);

    private readonly record struct Step(TopicEvidence Topic, int From, int To, double Bound, double Saving);
}
