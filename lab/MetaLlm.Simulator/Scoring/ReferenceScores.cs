namespace MetaLlm.Simulator.Scoring;

/// <summary>
/// The yardsticks for a router on a given set of queries: every single model, the best model per task type, the oracle, and
/// the frontier that random mixing of single models can reach. They use what no router knows.
/// </summary>
public sealed class ReferenceScores
{
    /// <summary>The difference in the chance of a right answer below which the cheaper model counts as good as the better: 0.02.</summary>
    public const double Indifference = 0.02;

    private ReferenceScores(
        IReadOnlyList<StrategyScore> singles, IReadOnlyDictionary<SimTaskType, StrategyScore> bestByType, StrategyScore bestPerType, StrategyScore bestPerQuery, StrategyScore oracle)
    {
        Singles = singles;
        BestByType = bestByType;
        BestPerType = bestPerType;
        BestPerQuery = bestPerQuery;
        Oracle = oracle;
        BestSingle = singles.MaxBy(score => score.Accuracy)!;
        Cheapest = singles.MinBy(score => score.MeanCostUsd)!;
    }

    /// <summary>Always the same model, one score per model, in the order given.</summary>
    public IReadOnlyList<StrategyScore> Singles { get; }

    /// <summary>The most accurate of <see cref="Singles"/>.</summary>
    public StrategyScore BestSingle { get; }

    /// <summary>The cheapest of <see cref="Singles"/>.</summary>
    public StrategyScore Cheapest { get; }

    /// <summary>The most accurate model on each task type; of equals the cheaper.</summary>
    public IReadOnlyDictionary<SimTaskType, StrategyScore> BestByType { get; }

    /// <summary>The rule that sends every query to the model of <see cref="BestByType"/>.</summary>
    public StrategyScore BestPerType { get; }

    /// <summary>
    /// The cheapest model whose chance is within <see cref="Indifference"/> of the best chance any has on that very query:
    /// about the most that a router can learn, since luck cannot be learnt.
    /// </summary>
    public StrategyScore BestPerQuery { get; }

    /// <summary>The cheapest model that answers right, and the cheapest of all where none does.</summary>
    public StrategyScore Oracle { get; }

    /// <summary>Computes the yardsticks.</summary>
    /// <param name="truth">Of the same seed as the server that was asked.</param>
    /// <param name="models">The models, as they were at the time.</param>
    /// <param name="tasks">The queries; repeated ones count as often as they occur.</param>
    /// <exception cref="ArgumentException">There are no models or no queries.</exception>
    public static ReferenceScores Compute(GroundTruth truth, IReadOnlyList<SimulatedModel> models, IReadOnlyList<SimTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(tasks);
        if (models.Count == 0)
        {
            throw new ArgumentException("There must be at least one model.", nameof(models));
        }

        if (tasks.Count == 0)
        {
            throw new ArgumentException("There must be at least one query.", nameof(tasks));
        }

        var outcomes = tasks.Select(task => new Row(task.Type, [.. models.Select(model => new Outcome(truth.WouldAnswerCorrectly(model, task), model.ExpectedQuality(task), truth.CostOf(model, task)))])).ToArray();
        var bestByType = outcomes.GroupBy(row => row.Type).ToDictionary(group => group.Key, group => Enumerable.Range(0, models.Count)
            .Select(m => (Model: m, Score: Score(models[m].Name, [.. group.Select(row => row.Models[m])])))
            .OrderByDescending(candidate => candidate.Score.Accuracy).ThenBy(candidate => candidate.Score.MeanCostUsd).First());
        return new ReferenceScores(
            [.. Enumerable.Range(0, models.Count).Select(m => Score(models[m].Name, [.. outcomes.Select(row => row.Models[m])]))],
            bestByType.ToDictionary(pair => pair.Key, pair => pair.Value.Score),
            Score("best model per task type", [.. outcomes.Select(row => row.Models[bestByType[row.Type].Model])]),
            Score("best model per query", [.. outcomes.Select(row => row.CheapestWhere(outcome => outcome.Chance >= row.Models.Max(other => other.Chance) - Indifference))]),
            Score("oracle", [.. outcomes.Select(row => row.CheapestWhere(outcome => outcome.Right))]));
    }

    /// <summary>
    /// The best accuracy of any random mix of single models at a mean cost: the upper concave hull of <see cref="Singles"/>.
    /// </summary>
    /// <param name="meanCostUsd">Mean cost of a query in USD.</param>
    /// <returns>0 to 1; 0 below the cost of the cheapest model.</returns>
    public double MixAccuracyAt(decimal meanCostUsd)
    {
        // A mix of two is enough: the hull's edges join two models.
        var best = Singles.Where(score => score.MeanCostUsd <= meanCostUsd).Select(score => score.Accuracy).DefaultIfEmpty(0).Max();
        foreach (var low in Singles.Where(score => score.MeanCostUsd <= meanCostUsd))
        {
            foreach (var high in Singles.Where(score => score.MeanCostUsd > meanCostUsd))
            {
                var share = (double)((meanCostUsd - low.MeanCostUsd) / (high.MeanCostUsd - low.MeanCostUsd));
                best = Math.Max(best, low.Accuracy + (share * (high.Accuracy - low.Accuracy)));
            }
        }

        return best;
    }

    private static StrategyScore Score(string name, IReadOnlyCollection<Outcome> outcomes) =>
        new(name, outcomes.Average(outcome => outcome.Right ? 1.0 : 0.0), outcomes.Average(outcome => outcome.Cost));

    private readonly record struct Outcome(bool Right, double Chance, decimal Cost);

    private sealed record Row(SimTaskType Type, Outcome[] Models)
    {
        /// <summary>The cheapest that qualifies, or the cheapest of all where none does.</summary>
        public Outcome CheapestWhere(Func<Outcome, bool> qualifies) =>
            Models.Where(qualifies).DefaultIfEmpty(Models.MinBy(outcome => outcome.Cost)).MinBy(outcome => outcome.Cost);
    }
}
