namespace MetaLlm.Core.Sharing;

/// <summary>
/// Weighted least squares of cell = model + stratum, a stratum being a tenant and a topic. Strata are free; models are drawn to the mean of all cells by <see cref="SharedPool.PriorWorth"/> rewards.
/// What is left of a model on a topic, over all tenants, is drawn to 0 likewise.
/// </summary>
internal static class PoolFit
{
    private const int Rounds = 100;

    /// <summary>A model on a topic.</summary>
    /// <param name="Name">The topic.</param>
    /// <param name="Turn">By how much its mean reward there differs from what model and stratum say.</param>
    /// <param name="Worth">How many rewards tell of it.</param>
    public readonly record struct Topic(string Name, double Turn, double Worth);

    /// <summary>A model.</summary>
    /// <param name="Name">What it is known by.</param>
    /// <param name="Mean">Its mean reward on the mean stratum.</param>
    /// <param name="Worth">How many rewards tell of its difference from others: one that is alone in its stratum tells of none.</param>
    /// <param name="Topics">The topics.</param>
    public sealed record Model(string Name, double Mean, double Worth, IReadOnlyList<Topic> Topics);

    /// <summary>Fits.</summary>
    /// <param name="cells">Means with what they are worth, by stratum.</param>
    public static IReadOnlyList<Model> Of(IReadOnlyList<((int Tenant, string Topic) Stratum, PooledCell Cell)> cells)
    {
        var weight = cells.Sum(one => one.Cell.Worth);
        var level = weight > 0 ? cells.Sum(one => one.Cell.Worth * one.Cell.Mean) / weight : 0.5;
        var models = cells.GroupBy(one => one.Cell.Model, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => (same.Key, Cells: same.ToList())).ToList();
        var strata = cells.GroupBy(one => one.Stratum).ToDictionary(same => same.Key, same => same.Select(one => one.Cell).ToList());
        var ease = strata.Keys.ToDictionary(stratum => stratum, _ => 0.0);
        var mean = models.ToDictionary(model => model.Key, _ => level, StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (stratum, own) in strata)
            {
                ease[stratum] = own.Sum(cell => cell.Worth * (cell.Mean - mean[cell.Model])) / own.Sum(cell => cell.Worth);
            }

            foreach (var (name, own) in models)
            {
                mean[name] = (own.Sum(one => one.Cell.Worth * (one.Cell.Mean - ease[one.Stratum])) + (SharedPool.PriorWorth * level)) / (own.Sum(one => one.Cell.Worth) + SharedPool.PriorWorth);
            }
        }

        var whole = strata.ToDictionary(stratum => stratum.Key, stratum => stratum.Value.Sum(cell => cell.Worth));
        double Told(((int Tenant, string Topic) Stratum, PooledCell Cell) one) => one.Cell.Worth * (1 - (one.Cell.Worth / whole[one.Stratum]));
        return
        [
            .. models.Select(model => new Model(
                model.Key,
                mean[model.Key],
                model.Cells.Sum(Told),
                [
                    .. model.Cells.Where(one => one.Stratum.Topic.Length > 0).GroupBy(one => one.Stratum.Topic, StringComparer.Ordinal).Select(same => new Topic(
                        same.Key,
                        same.Sum(one => one.Cell.Worth * (one.Cell.Mean - mean[model.Key] - ease[one.Stratum])) / (same.Sum(one => one.Cell.Worth) + SharedPool.PriorWorth),
                        same.Sum(Told))),
                ])),
        ];
    }
}
