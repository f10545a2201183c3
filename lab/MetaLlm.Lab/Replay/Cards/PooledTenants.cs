using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Sharing;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Cards;

/// <summary>Tenants that give to the one that is played, as the product's owners do: noisy sums of decisions that asked one model each, drawn evenly.</summary>
/// <param name="others">Other sets, each a tenant; empty where rows of the set that is played stand for tenants.</param>
/// <param name="split">How many tenants those rows stand for.</param>
/// <param name="epsilon">How far a decision may show; null for no noise, which measures what the noise costs, and 0 to give nothing: the same stream, cold.</param>
internal sealed class PooledTenants(IReadOnlyList<ReplayDataset> others, int split, double? epsilon)
{
    /// <summary>Decisions of each tenant that is another set: what a tenant gives at once at most.</summary>
    private const int DecisionsOfSet = 1000;

    /// <summary>Decisions of each tenant that stands for rows of the set that is played.</summary>
    public const int DecisionsOfSplit = 200;

    /// <summary>How many tenants rows stand for where other sets tell nothing.</summary>
    public const int StandardSplit = 5;

    /// <summary>Where the sums come from, for people.</summary>
    public string Origin =>
        $"{(others.Count > 0 ? string.Join(", ", others.Select(set => set.Name)) : $"{split} tenants of {DecisionsOfSplit} rows, which leave the stream")}, epsilon {(epsilon is { } e ? e.ToString(System.Globalization.CultureInfo.InvariantCulture) : "inf")}";

    /// <summary>Rows that leave the stream.</summary>
    public int Rows => others.Count > 0 ? 0 : split * DecisionsOfSplit;

    /// <summary>The cards that follow.</summary>
    /// <param name="arms">The arms of the set that is played.</param>
    /// <param name="stream">The stream, whose training rows are the tenants' where no other sets are.</param>
    /// <param name="phase">The phase of those rows.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Per arm; null where too little is known.</returns>
    public ModelCard?[] Cards(IReadOnlyList<Arm> arms, ReplayStream stream, WorldPhase phase, int seed)
    {
        if (epsilon is 0)
        {
            return new ModelCard?[arms.Count];
        }

        var (key, drawn) = (RandomStreams.Pool(seed), 0UL);
        int Below(int bound) => (int)(CounterRandom.Uniform(key, drawn++) * bound);
        var topics = phase.Rows.Select(row => row.Task).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(ModelCard.MostTasks).ToArray();
        IReadOnlyList<SharedCell>[] given = others.Count > 0
            ? [.. others.Select(set => Give(set.Arms, [.. Enumerable.Range(0, DecisionsOfSet).Select(_ => set.Rows[Below(set.Rows.Count)])], topics, Below))]
            : [.. stream.Train.ToArray().Chunk(DecisionsOfSplit).Select(rows => Give(arms, [.. rows.Select(row => phase.Rows[row])], topics, Below))];

        // Beside so few sets the least number of tenants would leave nothing to measure.
        var cards = SharedPool.Cards(given, 1);
        return [.. arms.Select(arm => cards.GetValueOrDefault(SharedModels.KeyOf(arm.Id)))];
    }

    private IReadOnlyList<SharedCell> Give(IReadOnlyList<Arm> arms, IReadOnlyList<ReplayRow> rows, string[] topics, Func<int, int> below)
    {
        string[] keys = [.. arms.Select(arm => SharedModels.KeyOf(arm.Id))];
        var tally = new SharedTally(keys, topics);
        foreach (var row in rows)
        {
            var arm = below(keys.Length);
            tally.Add(keys[arm], row.Task, row.Score[arm]);
        }

        return epsilon is { } e ? tally.Release(DiscreteLaplace.Thousandths(e), below) : tally.Exact();
    }
}
