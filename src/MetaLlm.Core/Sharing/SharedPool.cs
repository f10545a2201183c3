using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Sharing;

/// <summary>What tenants gave, summed by model and topic, and the cards that follow from it.</summary>
public static class SharedPool
{
    /// <summary>Fewest rewards, as far as noise leaves them, that a card or a topic of it needs.</summary>
    public const double LeastWorth = 5;

    /// <summary>So many rewards tell of a mean as much as is known of it before: means of models differ by about a tenth, and 25 rewards have an error of as much.</summary>
    public const double PriorWorth = 25;

    private const double MostWeight = 20;

    /// <summary>Sums what was given.</summary>
    /// <param name="given">What each tenant gave.</param>
    /// <param name="minTenants">Fewest tenants that must have given of a model on a topic; below, nothing of it is told.</param>
    /// <returns>By model, then by topic.</returns>
    public static IReadOnlyList<PooledCell> Sum(IEnumerable<IReadOnlyList<SharedCell>> given, int minTenants)
    {
        ArgumentNullException.ThrowIfNull(given);
        const double Squared = (double)SharedTally.Parts * SharedTally.Parts;
        return
        [
            .. given.SelectMany(cells => cells)
                .GroupBy(cell => (cell.Model, cell.Topic))
                .Select(same => new PooledCell(
                    same.Key.Model,
                    same.Key.Topic,
                    same.Sum(cell => cell.Good) / (double)SharedTally.Parts,
                    same.Sum(cell => cell.Good + cell.Bad) / (double)SharedTally.Parts,
                    same.Sum(cell => cell.Variance) / Squared,
                    same.Count()))
                .Where(cell => cell.Tenants >= minTenants)
                .OrderBy(cell => cell.Model, StringComparer.Ordinal)
                .ThenBy(cell => cell.Topic, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The cards of models that enough is known of. Means are drawn to that of all models, and those on a topic to the model's own, by what they are worth: what noise made of few rewards must
    /// not stand out.
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <returns>By what models are known by among tenants.</returns>
    public static IReadOnlyDictionary<string, ModelCard> Cards(IReadOnlyList<PooledCell> pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var models = pool.GroupBy(cell => cell.Model, StringComparer.Ordinal)
            .Select(cells => (Whole: Whole(cells), Topics: cells.Where(cell => cell.Topic.Length > 0 && cell.Worth >= LeastWorth).ToList()))
            .Where(model => model.Whole.Worth >= LeastWorth)
            .ToList();
        var worth = models.Sum(model => model.Whole.Worth);
        var level = models.Sum(model => model.Whole.Worth * model.Whole.Mean) / Math.Max(worth, 1);
        return models.ToDictionary(model => model.Whole.Model, model => Card(model.Whole, model.Topics, level), StringComparer.Ordinal);
    }

    private static PooledCell Whole(IGrouping<string, PooledCell> cells) => new(
        cells.Key, "", cells.Sum(cell => cell.Good), cells.Sum(cell => cell.Count), cells.Sum(cell => cell.Variance), cells.Max(cell => cell.Tenants));

    private static ModelCard Card(PooledCell whole, List<PooledCell> topics, double level)
    {
        var quality = level + (Share(whole) * (whole.Mean - level));
        return new ModelCard
        {
            Weight = Math.Clamp(whole.Worth, ModelCard.LeastWeight, MostWeight),
            Quality = quality,
            ByTask = topics.OrderByDescending(topic => topic.Worth).ThenBy(topic => topic.Topic, StringComparer.Ordinal).Take(ModelCard.MostTasks)
                .ToDictionary(topic => topic.Topic, topic => Math.Clamp(quality + (Share(topic) * (topic.Mean - whole.Mean)), 0, 1), StringComparer.Ordinal),
            Tenants = whole.Tenants,
        };
    }

    private static double Share(PooledCell cell) => cell.Worth / (cell.Worth + PriorWorth);
}
