namespace MetaLlm.Core.Batches;

/// <summary>
/// A batch while it runs: queries are closed one by one, and what is left is planned anew with the money that is left and with what arms turned out to cost.
/// Not safe for concurrent use.
/// </summary>
/// <param name="predictions">What is predicted; not changed afterwards.</param>
/// <param name="caution">See <see cref="BatchFrontier"/>.</param>
public sealed class BatchSchedule(BatchPredictions predictions, double caution)
{
    // Calls of an arm that its prediction is worth before bills count for more.
    private const double PriorCalls = 20;

    private readonly bool[] _closed = new bool[predictions.Queries];
    private readonly double[] _predictedUsd = new double[predictions.Arms];
    private readonly double[] _billedUsd = new double[predictions.Arms];
    private readonly double[] _meanUsd = [.. Enumerable.Range(0, predictions.Arms).Select(arm => Mean(predictions, arm))];
    private double _closedValue;

    /// <summary>How many queries are not closed.</summary>
    public int Open { get; private set; } = predictions.Queries;

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
        if (arm is { } answered && predictions.CanAnswer(query, answered))
        {
            _closedValue += predictions.Quality(query, answered) - (caution * predictions.Deviation(query, answered));
            if (!double.IsNaN(costUsd))
            {
                _predictedUsd[answered] += predictions.CostUsd(query, answered);
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
    public BatchPlan ForQuality(double quality) => Whole(frontier => frontier.ForQuality(((quality * predictions.Queries) - _closedValue) / Open));

    private BatchPlan Whole(Func<BatchFrontier, BatchPlan> choose)
    {
        if (Open == 0)
        {
            throw new InvalidOperationException("Every query of the batch is closed.");
        }

        int[] open = [.. Enumerable.Range(0, predictions.Queries).Where(q => !_closed[q])];
        double[] factors = [.. Enumerable.Range(0, predictions.Arms).Select(CostFactor)];
        var left = new BatchPredictions(open.Length, predictions.Arms);
        for (var i = 0; i < open.Length; i++)
        {
            for (var arm = 0; arm < predictions.Arms; arm++)
            {
                if (predictions.CanAnswer(open[i], arm))
                {
                    left.Set(i, arm, predictions.Quality(open[i], arm), predictions.Deviation(open[i], arm), factors[arm] * predictions.CostUsd(open[i], arm));
                }
            }
        }

        var plan = choose(new BatchFrontier(left, caution));
        var choices = new int[predictions.Queries];
        Array.Fill(choices, -1);
        for (var i = 0; i < open.Length; i++)
        {
            choices[open[i]] = plan.Choices[i];
        }

        return plan with { Choices = choices };
    }

    private static double Mean(BatchPredictions predictions, int arm)
    {
        var (sum, count) = (0.0, 0);
        for (var query = 0; query < predictions.Queries; query++)
        {
            if (predictions.CanAnswer(query, arm))
            {
                sum += predictions.CostUsd(query, arm);
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }
}
