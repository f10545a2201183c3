using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Worlds;

/// <summary>Which arms of a data set a scenario is about, by their means over all rows. Policies never see this.</summary>
internal sealed class ArmRanks
{
    private readonly CostRewardPoint[] _means;

    public ArmRanks(ReplayDataset dataset)
    {
        _means = [.. Enumerable.Range(0, dataset.Arms.Count).Select(a =>
            new CostRewardPoint(dataset.Rows.Average(r => r.CostUsd[a]), dataset.Rows.Average(r => r.Score[a])))];
        var vertices = new UpperConcaveHull(_means).Vertices;
        Middle = Array.IndexOf(_means, vertices[(vertices.Count - 1 + (vertices.Count > 2 ? 1 : 0)) / 2]);
        Cheapest = Array.IndexOf(_means, vertices[0]);
        Best = Array.IndexOf(_means, vertices[^1]);
        MostExpensive = Array.IndexOf(_means, _means.MaxBy(m => m.Cost));
    }

    /// <summary>The arm in the middle of the cost-reward hull, the more expensive one of two; the cheapest where the hull has two corners.</summary>
    public int Middle { get; }

    /// <summary>The arm of the least mean cost.</summary>
    public int Cheapest { get; }

    /// <summary>The arm of the best mean reward.</summary>
    public int Best { get; }

    /// <summary>The arm of the highest mean cost.</summary>
    public int MostExpensive { get; }

    /// <summary>Mean reward of an arm.</summary>
    public double Reward(int arm) => _means[arm].Reward;
}
