namespace MetaLlm.Core.Batches;

/// <summary>The corners of the upper concave hull of one query's arms, by cost and value: from the cheapest arm to the best. Reused from query to query.</summary>
/// <param name="arms">Number of arms.</param>
internal sealed class QueryHull(int arms)
{
    private readonly Corner[] _corners = new Corner[arms];

    /// <summary>How many corners the query has; 0 where no arm can answer it.</summary>
    public int Count { get; private set; }

    /// <summary>A corner, in order of rising cost and rising value.</summary>
    public Corner this[int index] => _corners[index];

    /// <summary>Takes up a query.</summary>
    public void Read(BatchPredictions predictions, int query, double caution)
    {
        var count = 0;
        for (var arm = 0; arm < predictions.Arms; arm++)
        {
            if (predictions.CanAnswer(query, arm))
            {
                _corners[count++] = new Corner(arm, predictions.CostUsd(query, arm), predictions.Quality(query, arm) - (caution * predictions.Deviation(query, arm)));
            }
        }

        Array.Sort(_corners, 0, count);
        Count = 0;
        for (var i = 0; i < count; i++)
        {
            var next = _corners[i];
            if (Count > 0 && next.Value <= _corners[Count - 1].Value)
            {
                continue;
            }

            while (Count > 1 && Rise(_corners[Count - 1], next) >= Rise(_corners[Count - 2], _corners[Count - 1]))
            {
                Count--;
            }

            _corners[Count++] = next;
        }
    }

    private static double Rise(Corner from, Corner to) => (to.Value - from.Value) / (to.CostUsd - from.CostUsd);

    /// <summary>An arm, by what it costs and is worth. Sorted by cost; of equals the better first, then the earlier arm.</summary>
    internal readonly record struct Corner(int Arm, double CostUsd, double Value) : IComparable<Corner>
    {
        public int CompareTo(Corner other) => CostUsd != other.CostUsd ? CostUsd.CompareTo(other.CostUsd)
            : Value != other.Value ? other.Value.CompareTo(Value) : Arm.CompareTo(other.Arm);
    }
}
