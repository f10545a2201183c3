using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Batches;

/// <summary>
/// A batch while it runs: queries are closed one by one, and what is left is planned anew with the money that is left and with what arms turned out to cost.
/// Not safe for concurrent use.
/// </summary>
public sealed class BatchSchedule
{
    // Calls of an arm that its prediction is worth before bills count for more.
    private const double PriorCalls = 20;

    private const int LastShare = 5;
    private const ulong OrderSeed = 0x6261746368;

    private readonly double _caution;
    private readonly bool[] _closed;
    private readonly double[] _predictedUsd;
    private readonly double[] _billedUsd;
    private readonly BatchPredictions _predictions;
    private readonly double[] _meanUsd;
    private double _closedValue;
    private (int[] Open, BatchFrontier Frontier)? _curve;

    /// <summary>Creates the schedule of a batch of which nothing has run.</summary>
    /// <param name="predictions">What is predicted; not changed afterwards.</param>
    /// <param name="caution">See <see cref="BatchFrontier"/>.</param>
    public BatchSchedule(BatchPredictions predictions, double caution)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        (_predictions, _caution, _closed, Open) = (predictions, caution, new bool[predictions.Queries], predictions.Queries);
        (_predictedUsd, _billedUsd) = (new double[predictions.Arms], new double[predictions.Arms]);
        _meanUsd = [.. Enumerable.Range(0, predictions.Arms).Select(Mean)];
    }

    /// <summary>How many queries are not closed.</summary>
    public int Open { get; private set; }

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
        _curve = null;
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

    /// <summary>Plans for the open queries to choose from, see <see cref="BatchFrontier.Menu"/>.</summary>
    /// <param name="most">How many at most, at least 2.</param>
    /// <returns>As <see cref="WithinBudget"/>.</returns>
    /// <exception cref="InvalidOperationException">No query is open.</exception>
    public IReadOnlyList<BatchPlan> Menu(int most)
    {
        var (open, frontier) = Curve();
        return [.. frontier.Menu(most).Select(plan => Whole(open, plan))];
    }

    /// <summary>Expected cost of the cheapest plan for the open queries, USD.</summary>
    /// <exception cref="InvalidOperationException">No query is open.</exception>
    public double LeastCostUsd => Curve().Frontier.LeastCostUsd;

    /// <summary>
    /// Open queries in the order in which they are to run: at first without regard to what they cost, so that bills tell of those that are left; of the last fifth the largest first, so that
    /// little must be set aside at the end.
    /// </summary>
    /// <param name="most">How many at most, at least 1.</param>
    /// <param name="size">How much must be set aside for a query.</param>
    public IReadOnlyList<int> Next(int most, Func<int, double> size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentNullException.ThrowIfNull(size);
        var open = Enumerable.Range(0, _predictions.Queries).Where(query => !_closed[query]);
        var last = Math.Max(1, _predictions.Queries / LastShare);
        return Open > last
            ? [.. open.OrderBy(query => CounterRandom.Bits(OrderSeed, (ulong)query)).Take(Math.Min(most, Open - last))]
            : [.. open.OrderByDescending(size).Take(most)];
    }

    private BatchPlan Whole(Func<BatchFrontier, BatchPlan> choose)
    {
        var (open, frontier) = Curve();
        return Whole(open, choose(frontier));
    }

    private BatchPlan Whole(int[] open, BatchPlan plan)
    {
        var choices = new int[_predictions.Queries];
        Array.Fill(choices, -1);
        for (var i = 0; i < open.Length; i++)
        {
            choices[open[i]] = plan.Choices[i];
        }

        return plan with { Choices = choices };
    }

    /// <summary>The curve of what is open, made once for all that is read from it until a query is closed.</summary>
    private (int[] Open, BatchFrontier Frontier) Curve()
    {
        if (_curve is { } made)
        {
            return made;
        }

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

        var curve = (open, new BatchFrontier(left, _caution));
        _curve = curve;
        return curve;
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
