namespace MetaLlm.Core.Batches;

/// <summary>
/// A batch while it runs: queries are closed one by one, and what is left is planned anew with the money that is left and with what arms turned out to cost.
/// Not safe for concurrent use.
/// </summary>
public sealed class BatchSchedule
{
    // Calls of an arm that its prediction is worth before bills count for more.
    private const double PriorCalls = 20;

    private readonly double _caution;
    private readonly bool[] _closed;
    private readonly double[] _predictedUsd;
    private readonly double[] _billedUsd;
    private BatchPredictions _predictions;
    private double[] _meanUsd = [];
    private double _closedValue;

    /// <summary>Creates the schedule of a batch of which nothing has run.</summary>
    /// <param name="predictions">What is predicted; not changed afterwards.</param>
    /// <param name="caution">See <see cref="BatchFrontier"/>.</param>
    public BatchSchedule(BatchPredictions predictions, double caution)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        (_predictions, _caution, _closed, Open) = (predictions, caution, new bool[predictions.Queries], predictions.Queries);
        (_predictedUsd, _billedUsd) = (new double[predictions.Arms], new double[predictions.Arms]);
        Predict(predictions);
    }

    /// <summary>How many queries are not closed.</summary>
    public int Open { get; private set; }

    /// <summary>Replaces what is predicted of the open queries by what is known now. Bills from before are taken to be part of that.</summary>
    /// <param name="predictions">As many queries and arms as before; what it says of closed queries is not looked at. Not changed afterwards.</param>
    public void Predict(BatchPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Queries != _predictions.Queries || predictions.Arms != _predictions.Arms)
        {
            throw new ArgumentException($"It has {predictions.Queries} queries and {predictions.Arms} arms; the batch has {_predictions.Queries} and {_predictions.Arms}.", nameof(predictions));
        }

        _predictions = predictions;
        Array.Clear(_predictedUsd);
        Array.Clear(_billedUsd);
        _meanUsd = [.. Enumerable.Range(0, predictions.Arms).Select(Mean)];
    }

    /// <summary>A query needs no arm any more.</summary>
    /// <param name="query">Index of the query; one that is closed already stays as it is.</param>
    /// <param name="arm">The arm that answered; null for none.</param>
    /// <param name="costUsd">What that arm's answer cost, USD, at least 0; NaN where that is not known.</param>
    public void Close(int query, int? arm, double costUsd)
    {
        if (_closed[query])
        {
            return;
        }

        _closed[query] = true;
        Open--;
        if (arm is { } answered && _predictions.CanAnswer(query, answered))
        {
            _closedValue += _predictions.Quality(query, answered) - (_caution * _predictions.Deviation(query, answered));
            if (!double.IsNaN(costUsd))
            {
                _predictedUsd[answered] += _predictions.CostUsd(query, answered);
                _billedUsd[answered] += costUsd;
            }
        }
    }

    /// <summary>How many times as much as predicted an arm's answers cost, by its bills and, while those are few, by the prediction.</summary>
    /// <param name="arm">Index of the arm.</param>
    public double CostFactor(int arm)
    {
        var prior = PriorCalls * _meanUsd[arm];
        return prior > 0 ? (_billedUsd[arm] + prior) / (_predictedUsd[arm] + prior) : 1;
    }

    /// <summary>The best plan for the open queries within what is left.</summary>
    /// <param name="leftUsd">USD that are left; not NaN.</param>
    /// <returns>Its choices are by query of the whole batch, -1 for closed ones; its figures are those of the open queries.</returns>
    /// <exception cref="InvalidOperationException">No query is open.</exception>
    public BatchPlan WithinBudget(double leftUsd) => Whole(frontier => frontier.WithinBudget(leftUsd));

    /// <summary>The cheapest plan for the open queries with which the whole batch has the quality that is asked for, closed queries counted as predicted; the best plan where none has it.</summary>
    /// <param name="quality">Mean over all queries; not NaN.</param>
    /// <returns>As <see cref="WithinBudget"/>.</returns>
    /// <exception cref="InvalidOperationException">No query is open.</exception>
    public BatchPlan ForQuality(double quality) => Whole(frontier => frontier.ForQuality(((quality * _predictions.Queries) - _closedValue) / Open));

    private BatchPlan Whole(Func<BatchFrontier, BatchPlan> choose)
    {
        if (Open == 0)
        {
            throw new InvalidOperationException("Every query of the batch is closed.");
        }

        int[] open = [.. Enumerable.Range(0, _predictions.Queries).Where(query => !_closed[query])];
        double[] factors = [.. Enumerable.Range(0, _predictions.Arms).Select(CostFactor)];
        var left = new BatchPredictions(open.Length, _predictions.Arms);
        for (var i = 0; i < open.Length; i++)
        {
            for (var arm = 0; arm < _predictions.Arms; arm++)
            {
                if (_predictions.CanAnswer(open[i], arm))
                {
                    left.Set(i, arm, _predictions.Quality(open[i], arm), _predictions.Deviation(open[i], arm), factors[arm] * _predictions.CostUsd(open[i], arm));
                }
            }
        }

        var plan = choose(new BatchFrontier(left, _caution));
        var choices = new int[_predictions.Queries];
        Array.Fill(choices, -1);
        for (var i = 0; i < open.Length; i++)
        {
            choices[open[i]] = plan.Choices[i];
        }

        return plan with { Choices = choices };
    }

    private double Mean(int arm)
    {
        var (sum, count) = (0.0, 0);
        for (var query = 0; query < _predictions.Queries; query++)
        {
            if (_predictions.CanAnswer(query, arm))
            {
                sum += _predictions.CostUsd(query, arm);
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }
}
