namespace MetaLlm.Core.Batches;

/// <summary>What is predicted of every query of a batch with every arm: a table of queries by arms. Not safe for concurrent writes.</summary>
public sealed class BatchPredictions
{
    private readonly double[] _quality;
    private readonly double[] _deviation;
    private readonly double[] _costUsd;

    /// <summary>Creates a table in which no arm can answer any query.</summary>
    /// <param name="queries">Number of queries, at least 1.</param>
    /// <param name="arms">Number of arms, at least 1.</param>
    public BatchPredictions(int queries, int arms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(queries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 1);
        (Queries, Arms) = (queries, arms);
        _quality = new double[queries * arms];
        _deviation = new double[queries * arms];
        _costUsd = new double[queries * arms];
        Array.Fill(_costUsd, double.NaN);
    }

    /// <summary>Number of queries.</summary>
    public int Queries { get; }

    /// <summary>Number of arms.</summary>
    public int Arms { get; }

    /// <summary>Says what is predicted of an arm's answer to a query.</summary>
    /// <param name="query">Index of the query.</param>
    /// <param name="arm">Index of the arm.</param>
    /// <param name="quality">Predicted reward; finite.</param>
    /// <param name="deviation">Standard deviation of that prediction; finite, at least 0.</param>
    /// <param name="costUsd">Predicted cost, USD; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the table is as before.</exception>
    public void Set(int query, int arm, double quality, double deviation, double costUsd)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)query, (uint)Queries, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)arm, (uint)Arms, nameof(arm));
        if (!double.IsFinite(quality))
        {
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "It must be finite.");
        }

        if (!double.IsFinite(deviation) || deviation < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, "It must be finite and at least 0.");
        }

        if (!double.IsFinite(costUsd) || costUsd < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(costUsd), costUsd, "It must be finite and at least 0.");
        }

        var at = (query * Arms) + arm;
        (_quality[at], _deviation[at], _costUsd[at]) = (quality, deviation, costUsd);
    }

    /// <summary>Whether an arm can answer a query.</summary>
    public bool CanAnswer(int query, int arm) => !double.IsNaN(_costUsd[(query * Arms) + arm]);

    /// <summary>Predicted reward; 0 where the arm cannot answer.</summary>
    public double Quality(int query, int arm) => _quality[(query * Arms) + arm];

    /// <summary>Standard deviation of the predicted reward; 0 where the arm cannot answer.</summary>
    public double Deviation(int query, int arm) => _deviation[(query * Arms) + arm];

    /// <summary>Predicted cost, USD; NaN where the arm cannot answer.</summary>
    public double CostUsd(int query, int arm) => _costUsd[(query * Arms) + arm];
}
