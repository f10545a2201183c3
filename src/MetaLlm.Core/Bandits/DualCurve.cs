namespace MetaLlm.Core.Bandits;

/// <summary>
/// How much the best arms of a sample of predictions cost on average at each shadow price: the dual of "most quality at a given mean
/// spend". Kept as a table, so that it outlives the sample.
/// </summary>
internal sealed class DualCurve
{
    private const int Points = 96;

    private readonly double[] _lambda;
    private readonly double[] _cost;

    private DualCurve(double[] lambda, double[] cost)
    {
        _lambda = lambda;
        _cost = cost;
    }

    /// <summary>Prices, ascending, then mean costs.</summary>
    public double[] Table => [.. _lambda, .. _cost];

    /// <summary>Tabulates a sample.</summary>
    /// <param name="predictions">Per query, quality and cost of every arm; not empty.</param>
    public static DualCurve Fit(IReadOnlyList<(double[] Quality, double[] Cost)> predictions)
    {
        var mostExpensive = Math.Max(1e-12, predictions.Max(p => p.Cost.Max()));
        var cheapest = Math.Max(1e-12, predictions.Average(p => p.Cost.Min()));
        var lambda = new double[Points];
        var cost = new double[Points];
        var (low, high) = (Math.Log(1e-3 / mostExpensive), Math.Log(3 / cheapest));
        for (var i = 0; i < Points; i++)
        {
            lambda[i] = Math.Exp(low + ((high - low) * i / (Points - 1)));
            cost[i] = MeanCost(predictions, lambda[i]);
        }

        return new DualCurve(lambda, cost);
    }

    /// <summary>Takes back what <see cref="Table"/> gave; null when the length is not a table's.</summary>
    public static DualCurve? FromTable(double[] table) =>
        table.Length == 2 * Points ? new DualCurve(table[..Points], table[Points..]) : null;

    /// <summary>The price at which the mean cost is the given one: quality per USD, 0 when the best arms cost no more anyway.</summary>
    public double PriceAt(double usdPerRequest)
    {
        if (_cost[0] <= usdPerRequest)
        {
            return 0;
        }

        for (var i = 1; i < Points; i++)
        {
            if (_cost[i] <= usdPerRequest)
            {
                var share = (_cost[i - 1] - usdPerRequest) / (_cost[i - 1] - _cost[i]);
                return _lambda[i - 1] * Math.Pow(_lambda[i] / _lambda[i - 1], share);
            }
        }

        return _lambda[^1];
    }

    private static double MeanCost(IReadOnlyList<(double[] Quality, double[] Cost)> predictions, double lambda)
    {
        var sum = 0.0;
        foreach (var (quality, cost) in predictions)
        {
            var best = 0;
            for (var a = 1; a < quality.Length; a++)
            {
                if (quality[a] - (lambda * cost[a]) > quality[best] - (lambda * cost[best]))
                {
                    best = a;
                }
            }

            sum += cost[best];
        }

        return sum / predictions.Count;
    }
}
