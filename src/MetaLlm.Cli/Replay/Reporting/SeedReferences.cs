using MetaLlm.Cli.Replay.Datasets;
using MetaLlm.Cli.Replay.Playing;
using MetaLlm.Cli.Statistics;

namespace MetaLlm.Cli.Replay.Reporting;

/// <summary>What simple choices would have earned and spent on one seed's scored rows.</summary>
internal sealed class SeedReferences
{
    /// <summary>Computes every reference.</summary>
    /// <param name="dataset">The outcomes.</param>
    /// <param name="rows">Indices of the scored rows; at least one.</param>
    public SeedReferences(ReplayDataset dataset, IReadOnlyList<int> rows)
    {
        var arms = Enumerable.Range(0, dataset.Arms.Count)
            .Select(arm => new CostRewardPoint(
                rows.Average(r => dataset.Rows[r].CostUsd[arm]),
                rows.Average(r => dataset.Rows[r].Score[arm])))
            .ToArray();
        Random = new CostRewardPoint(arms.Average(a => a.Cost), arms.Average(a => a.Reward));
        Cheapest = arms.OrderBy(a => a.Cost).ThenByDescending(a => a.Reward).First();
        BestSingle = arms.OrderByDescending(a => a.Reward).ThenBy(a => a.Cost).First();
        StaticMix = new UpperConcaveHull(arms);

        var best = rows.Select(r => (Row: dataset.Rows[r], Arm: OracleChooser.BestArm(dataset.Rows[r], priceWeight: 0))).ToArray();
        Oracle = new CostRewardPoint(best.Average(b => b.Row.CostUsd[b.Arm]), best.Average(b => b.Row.Score[b.Arm]));
    }

    /// <summary>Every arm equally often.</summary>
    public CostRewardPoint Random { get; }

    /// <summary>The arm with the least mean cost.</summary>
    public CostRewardPoint Cheapest { get; }

    /// <summary>The arm with the best mean reward.</summary>
    public CostRewardPoint BestSingle { get; }

    /// <summary>Per query the best arm.</summary>
    public CostRewardPoint Oracle { get; }

    /// <summary>The best random mixes of fixed arms.</summary>
    public UpperConcaveHull StaticMix { get; }
}
