namespace MetaLlm.Evaluation.Statistics;

/// <summary>
/// The best mean reward that a random mix of fixed choices can have for its mean cost: the upper concave hull of their
/// (mean cost, mean reward) points, from the cheapest point to the best-rewarded one.
/// </summary>
/// <remarks>Monotone chain (Andrew 1979) over the points sorted by cost; the falling part past the maximum is cut off.</remarks>
public sealed class UpperConcaveHull
{
    private readonly List<CostRewardPoint> _vertices = [];

    /// <summary>Builds the hull.</summary>
    /// <param name="points">At least one point; all finite.</param>
    public UpperConcaveHull(IEnumerable<CostRewardPoint> points)
    {
        foreach (var point in points.OrderBy(p => p.Cost).ThenByDescending(p => p.Reward))
        {
            if (!double.IsFinite(point.Cost) || !double.IsFinite(point.Reward))
            {
                throw new ArgumentException($"The point ({point.Cost}, {point.Reward}) is not finite.", nameof(points));
            }

            // Sorted by cost, so a point that earns no more than the last vertex is dominated: more expensive and not better.
            if (_vertices.Count > 0 && point.Reward <= _vertices[^1].Reward)
            {
                continue;
            }

            while (_vertices.Count > 1 && !TurnsClockwise(_vertices[^2], _vertices[^1], point))
            {
                _vertices.RemoveAt(_vertices.Count - 1);
            }

            _vertices.Add(point);
        }

        if (_vertices.Count == 0)
        {
            throw new ArgumentException("A hull needs at least one point.", nameof(points));
        }
    }

    /// <summary>The corners, in order of rising cost and rising reward.</summary>
    public IReadOnlyList<CostRewardPoint> Vertices => _vertices;

    /// <summary>The best mean reward of a mix whose mean cost is at most <paramref name="cost"/>.</summary>
    /// <param name="cost">
    /// Mean cost, USD. Below the cheapest point, where no mix exists, the cheapest point's reward; above the best point, the best reward.
    /// </param>
    public double RewardAt(double cost)
    {
        var (low, high, share) = MixAt(cost);
        return low.Reward + (share * (high.Reward - low.Reward));
    }

    /// <summary>The best mix whose mean cost is at most <paramref name="cost"/>, with the ends treated as in <see cref="RewardAt"/>.</summary>
    /// <param name="cost">Mean cost, USD.</param>
    /// <returns>Two neighbouring corners and the share, 0 to 1, of the more expensive one.</returns>
    public (CostRewardPoint Low, CostRewardPoint High, double HighShare) MixAt(double cost)
    {
        if (cost <= _vertices[0].Cost)
        {
            return (_vertices[0], _vertices[0], 0);
        }

        for (var i = 1; i < _vertices.Count; i++)
        {
            if (cost <= _vertices[i].Cost)
            {
                var (left, right) = (_vertices[i - 1], _vertices[i]);
                return (left, right, (cost - left.Cost) / (right.Cost - left.Cost));
            }
        }

        return (_vertices[^1], _vertices[^1], 0);
    }

    private static bool TurnsClockwise(CostRewardPoint a, CostRewardPoint b, CostRewardPoint c) =>
        ((b.Cost - a.Cost) * (c.Reward - a.Reward)) - ((b.Reward - a.Reward) * (c.Cost - a.Cost)) < 0;
}
