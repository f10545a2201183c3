namespace MetaLlm.Core.Batches;

/// <summary>Every plan for a batch that is worth its price, from the cheapest to the best: one curve, from which a plan is taken by budget or by quality.</summary>
/// <remarks>
/// <para>
/// To give each query one arm so that the summed value is the most for a budget is the multiple-choice knapsack problem. Its linear relaxation is solved exactly: of each query's arms only the corners of their upper
/// concave hull count, and the steps between neighbouring corners are bought in the order of value per USD (Sinha and Zoltners 1979). The relaxation splits at most one query. A plan leaves that query where it was, and spends
/// what is left on later steps that fit. Its value is thus less than the value of one step below the best possible.
/// </para>
/// <para>Immutable, safe for concurrent use. Time O(n K log nK), memory O(nK), for n queries and K arms. The order of steps, and so the plan, follows from the numbers alone.</para>
/// </remarks>
public sealed class BatchFrontier
{
    private readonly BatchPredictions _predictions;
    private readonly double _caution;
    private readonly int[] _cheapest;
    private readonly Step[] _steps;
    private readonly double _leastValue;

    /// <summary>Builds the curve.</summary>
    /// <param name="predictions">What is predicted; not changed afterwards.</param>
    /// <param name="caution">How many deviations of its prediction an arm's reward is taken to be lower; finite, at least 0. 0 trusts predictions as they are.</param>
    public BatchFrontier(BatchPredictions predictions, double caution)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (!double.IsFinite(caution) || caution < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(caution), caution, "It must be finite and at least 0.");
        }

        (_predictions, _caution, _cheapest) = (predictions, caution, new int[predictions.Queries]);
        var steps = new List<Step>(predictions.Queries * 2);
        var corners = new QueryHull(predictions.Arms);
        for (var query = 0; query < predictions.Queries; query++)
        {
            corners.Read(predictions, query, caution);
            _cheapest[query] = corners.Count == 0 ? -1 : corners[0].Arm;
            if (corners.Count == 0)
            {
                continue;
            }

            LeastCostUsd += corners[0].CostUsd;
            _leastValue += corners[0].Value;
            for (var i = 1; i < corners.Count; i++)
            {
                var (from, to) = (corners[i - 1], corners[i]);
                steps.Add(new Step(query, from.Arm, to.Arm, to.CostUsd - from.CostUsd, to.Value - from.Value));
            }
        }

        _steps = [.. steps];
        Array.Sort(_steps);
        MostCostUsd = LeastCostUsd + _steps.Sum(s => s.CostUsd);
    }

    /// <summary>Expected cost of the cheapest plan, USD. A lower budget cannot be met.</summary>
    public double LeastCostUsd { get; }

    /// <summary>Expected cost of the best plan, USD. A higher budget buys nothing more.</summary>
    public double MostCostUsd { get; }

    /// <summary>The plan of most value whose expected cost is at most the budget; the cheapest plan where that costs more.</summary>
    /// <param name="budgetUsd">USD for the whole batch; not NaN.</param>
    public BatchPlan WithinBudget(double budgetUsd)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(budgetUsd, double.NaN);
        var choices = (int[])_cheapest.Clone();
        var (cost, value, bound) = (LeastCostUsd, _leastValue, double.NaN);
        foreach (var step in _steps)
        {
            if (cost + step.CostUsd > budgetUsd)
            {
                bound = double.IsNaN(bound) ? value + (step.Value * Math.Max(0, budgetUsd - cost) / step.CostUsd) : bound;
            }
            else if (choices[step.Query] == step.From)
            {
                choices[step.Query] = step.To;
                cost += step.CostUsd;
                value += step.Value;
            }
        }

        return Plan(choices, double.IsNaN(bound) ? value : bound);
    }

    /// <summary>The cheapest plan whose mean value (reward less caution) is at least what is asked for; the best plan where none has so much.</summary>
    /// <remarks>Its cost is less than that of one step above the least possible.</remarks>
    /// <param name="quality">Mean over all queries; not NaN.</param>
    public BatchPlan ForQuality(double quality)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(quality, double.NaN);
        var choices = (int[])_cheapest.Clone();
        var missing = (quality * _predictions.Queries) - _leastValue;
        for (var i = 0; i < _steps.Length && missing > 0; i++)
        {
            var step = _steps[i];
            if (step.Value >= missing)
            {
                // The last step: a later one may do as well for less.
                step = _steps[i..].Where(s => s.Value >= missing && choices[s.Query] == s.From).MinBy(s => s.CostUsd);
            }

            choices[step.Query] = step.To;
            missing -= step.Value;
        }

        return Plan(choices, double.NaN);
    }

    /// <summary>Plans to choose from, by rising cost, from the cheapest to the best.</summary>
    /// <param name="most">How many at most, at least 2. There are fewer where there is less to choose from.</param>
    public IReadOnlyList<BatchPlan> Menu(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        var plans = new List<BatchPlan>(most);
        var floor = Math.Max(LeastCostUsd, MostCostUsd / 1e6);
        for (var i = 0; i < most; i++)
        {
            // Models' prices lie far apart: equal factors between budgets show the cheap end too.
            var budget = i == 0 ? LeastCostUsd : i == most - 1 ? double.PositiveInfinity : floor * Math.Pow(MostCostUsd / floor, i / (most - 1.0));
            var plan = WithinBudget(budget);
            if (plans.Count == 0 || plan.CostUsd > plans[^1].CostUsd)
            {
                plans.Add(plan);
            }
        }

        return plans;
    }

    private BatchPlan Plan(int[] choices, double bound)
    {
        var n = (double)choices.Length;
        var errors = new double[_predictions.Arms];
        var (cost, quality, value, noise) = (0.0, 0.0, 0.0, 0.0);
        for (var query = 0; query < choices.Length; query++)
        {
            if (choices[query] is var arm and >= 0)
            {
                var (q, deviation) = (_predictions.Quality(query, arm), _predictions.Deviation(query, arm));
                cost += _predictions.CostUsd(query, arm);
                quality += q;
                value += q - (_caution * deviation);
                noise += Math.Clamp(q, 0, 1) * (1 - Math.Clamp(q, 0, 1));
                errors[arm] += deviation;
            }
        }

        var spread = Math.Sqrt(noise + errors.Sum(e => e * e)) / n;
        return new BatchPlan(choices, cost, quality / n, spread, value / n, double.IsNaN(bound) ? value / n : bound / n);
    }

    // A step of a query from one arm to a dearer and better one; ordered by falling value per USD, then by query, so that a query's steps keep their order.
    private readonly record struct Step(int Query, int From, int To, double CostUsd, double Value) : IComparable<Step>
    {
        private readonly double _worth = Value / CostUsd;

        public int CompareTo(Step other) => _worth != other._worth ? other._worth.CompareTo(_worth)
            : Query != other.Query ? Query.CompareTo(other.Query) : CostUsd.CompareTo(other.CostUsd);
    }
}
