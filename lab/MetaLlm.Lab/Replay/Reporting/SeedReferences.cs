using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What simple choices would have earned and spent on one seed's scored rows of one phase.</summary>
internal sealed class SeedReferences
{
    private readonly IReadOnlyList<ReplayRow> _rows;
    private readonly IReadOnlyList<int> _arms;
    private readonly CostRewardPoint[] _means;

    /// <summary>Computes every reference.</summary>
    /// <param name="rows">The outcomes of the scored rows; at least one.</param>
    /// <param name="arms">Indices of the arms that can serve; at least one.</param>
    public SeedReferences(IReadOnlyList<ReplayRow> rows, IReadOnlyList<int> arms)
    {
        _rows = rows;
        _arms = arms;
        _means = Means(rows);
        Random = new CostRewardPoint(_means.Average(a => a.Cost), _means.Average(a => a.Reward));
        Cheapest = _means.OrderBy(a => a.Cost).ThenByDescending(a => a.Reward).First();
        BestSingle = _means.OrderByDescending(a => a.Reward).ThenBy(a => a.Cost).First();
        StaticMix = new UpperConcaveHull(_means);
        BestPerTask = Sum(rows.GroupBy(r => r.Task).Select(task =>
        {
            var best = Means([.. task]).OrderByDescending(a => a.Reward).ThenBy(a => a.Cost).First();
            return (task.Count(), best);
        }));

        var choices = rows.Select(row => (Row: row, Arm: OracleChooser.BestArm(row, arms, priceWeight: 0))).ToArray();
        Oracle = new CostRewardPoint(choices.Average(c => c.Row.CostUsd[c.Arm]), choices.Average(c => c.Row.Score[c.Arm]));
    }

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Every arm equally often.</summary>
    public CostRewardPoint Random { get; }

    /// <summary>The arm with the least mean cost.</summary>
    public CostRewardPoint Cheapest { get; }

    /// <summary>The arm with the best mean reward.</summary>
    public CostRewardPoint BestSingle { get; }

    /// <summary>Per task tag the arm with the best mean reward on the rows of that tag.</summary>
    public CostRewardPoint BestPerTask { get; }

    /// <summary>Per query the best arm.</summary>
    public CostRewardPoint Oracle { get; }

    /// <summary>The best random mixes of fixed arms.</summary>
    public UpperConcaveHull StaticMix { get; }

    /// <summary>Expected reward on every row of the static mix at a mean cost.</summary>
    /// <param name="cost">Mean cost, USD.</param>
    public IEnumerable<double> MixRewards(double cost)
    {
        var (low, high, share) = StaticMix.MixAt(cost);
        var (lowArm, highArm) = (ArmOf(low), ArmOf(high));
        return _rows.Select(row => ((1 - share) * row.Score[lowArm]) + (share * row.Score[highArm]));
    }

    /// <summary>Mean of points that stand for different numbers of requests.</summary>
    public static CostRewardPoint Sum(IEnumerable<(int Count, CostRewardPoint Point)> parts)
    {
        double cost = 0, reward = 0, count = 0;
        foreach (var (n, point) in parts)
        {
            cost += n * point.Cost;
            reward += n * point.Reward;
            count += n;
        }

        return new CostRewardPoint(cost / count, reward / count);
    }

    private int ArmOf(CostRewardPoint corner) => _arms[Array.IndexOf(_means, corner)];

    private CostRewardPoint[] Means(IReadOnlyList<ReplayRow> rows) =>
        [.. _arms.Select(arm => new CostRewardPoint(rows.Average(r => r.CostUsd[arm]), rows.Average(r => r.Score[arm])))];
}
