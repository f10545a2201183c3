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

    // What noise makes of a cell without rewards is worth less, mostly.
    private const double LeastCellWorth = 1;

    private const double Squared = (double)SharedTally.Parts * SharedTally.Parts;

    /// <summary>Sums what was given.</summary>
    /// <param name="given">What each tenant gave.</param>
    /// <param name="minTenants">Fewest tenants that must have given of a model on a topic; below, nothing of it is told.</param>
    /// <returns>By model, then by topic.</returns>
    public static IReadOnlyList<PooledCell> Sum(IEnumerable<IReadOnlyList<SharedCell>> given, int minTenants)
    {
        ArgumentNullException.ThrowIfNull(given);
        return
        [
            .. given.SelectMany(cells => cells)
                .GroupBy(cell => (cell.Model, cell.Topic))
                .Select(same => Scaled(same.Aggregate(static (sum, cell) => sum.Plus(cell))) with { Tenants = same.Count() })
                .Where(cell => cell.Tenants >= minTenants)
                .OrderBy(cell => cell.Model, StringComparer.Ordinal)
                .ThenBy(cell => cell.Topic, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The cards of models that enough is known of. Tenants differ in how hard their requests are and how strict their users, and so do topics; that one model is asked what another is not must not
    /// make it look worse. So mean = model + (tenant, topic) is fitted to the means of all cells, by what they are worth, and a card is the model's part.
    /// </summary>
    /// <param name="given">What each tenant gave.</param>
    /// <param name="minTenants">Fewest tenants that must have given of a model.</param>
    /// <returns>By what models are known by among tenants.</returns>
    public static IReadOnlyDictionary<string, ModelCard> Cards(IEnumerable<IReadOnlyList<SharedCell>> given, int minTenants)
    {
        ArgumentNullException.ThrowIfNull(given);
        var cells = given.SelectMany((own, tenant) => own.Select(cell => (Stratum: (tenant, cell.Topic), Cell: Scaled(cell)))).ToList();
        var tenants = cells.GroupBy(one => one.Cell.Model, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Select(one => one.Stratum.tenant).Distinct().Count(), StringComparer.Ordinal);
        var models = PoolFit.Of([.. cells.Where(one => tenants[one.Cell.Model] >= minTenants && one.Cell.Worth >= LeastCellWorth)]);
        return models.Where(model => model.Worth >= LeastWorth).ToDictionary(
            model => model.Name,
            model => new ModelCard
            {
                Weight = Math.Clamp(model.Worth, ModelCard.LeastWeight, MostWeight),
                Quality = Math.Clamp(model.Mean, 0, 1),
                ByTask = model.Topics.Where(topic => topic.Worth >= LeastWorth).OrderByDescending(topic => topic.Worth).ThenBy(topic => topic.Name, StringComparer.Ordinal).Take(ModelCard.MostTasks)
                    .ToDictionary(topic => topic.Name, topic => Math.Clamp(model.Mean + topic.Turn, 0, 1), StringComparer.Ordinal),
                Tenants = tenants[model.Name],
            },
            StringComparer.Ordinal);
    }

    private static PooledCell Scaled(in SharedCell cell) => new(
        cell.Model, cell.Topic, cell.Good / (double)SharedTally.Parts, (cell.Good + cell.Bad) / (double)SharedTally.Parts, cell.Variance / Squared, 1);
}
