using MetaLlm.Core.Arms;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Cards;

/// <summary>The cards that arms are played with.</summary>
/// <param name="given">Cards by arm id; null for those that rows of each seed's stream tell.</param>
/// <param name="shuffled">Whether every arm gets the card of another one, drawn per seed.</param>
/// <param name="weight">How many rewards a card counts as.</param>
/// <param name="origin">Where they come from, for people.</param>
/// <param name="costUsd">What a call is known to cost elsewhere, by arm id; null for nothing.</param>
/// <param name="pool">Tenants whose noisy sums tell them; null for none.</param>
internal sealed class PlayedCards(
    IReadOnlyDictionary<string, ModelCard>? given, bool shuffled, double weight, string origin, IReadOnlyDictionary<string, double>? costUsd = null, PooledTenants? pool = null)
{
    /// <summary>Cards from the models' means in other sets, or from rows of the set itself.</summary>
    public const string Own = "own";

    /// <summary>The same cards, each with another arm: the negative control.</summary>
    public const string Shuffled = "shuffled";

    /// <summary>Cards from noisy sums of other tenants, as <c>shareLearning</c> makes them.</summary>
    public const string Pooled = "pooled";

    /// <summary>The same cards, each with another arm.</summary>
    public const string PooledShuffled = "pooled-shuffled";

    /// <summary>Rows that cards are made of where other sets know fewer than two of the models.</summary>
    public const int OwnRows = 20;

    /// <summary>Where they come from.</summary>
    public string Origin => origin;

    /// <summary>How many rows of the stream tell them.</summary>
    public int Rows => pool?.Rows ?? (given is null ? OwnRows : 0);

    /// <summary>Finds or reads what was asked for.</summary>
    /// <param name="dataset">The set that is played.</param>
    /// <param name="options">Say which cards.</param>
    /// <returns>Null where none were asked for.</returns>
    /// <exception cref="BadInputException">The file of cards is not usable.</exception>
    public static PlayedCards? Of(ReplayDataset dataset, ReplayOptions options)
    {
        if (options.Cards is not { } kind)
        {
            return null;
        }

        if (kind is Pooled or PooledShuffled)
        {
            return OfPool(dataset, options, kind == PooledShuffled);
        }

        if (kind is not (Own or Shuffled))
        {
            return new PlayedCards(CardFile.Read(kind, dataset), shuffled: false, options.CardWeight, kind);
        }

        var (quality, costUsd, sets) = SharedModels.Of(dataset, Others(options.DataDirectory));
        var known = quality.Count(double.IsFinite);
        return known < 2
            ? new PlayedCards(null, kind == Shuffled, options.CardWeight, $"{OwnRows} rows of {dataset.Name}, which leave the stream")
            : new PlayedCards(
                dataset.Arms.Zip(quality).Where(one => double.IsFinite(one.Second)).ToDictionary(one => one.First.Id, one => new ModelCard { Weight = options.CardWeight, Quality = one.Second }, StringComparer.Ordinal),
                kind == Shuffled,
                options.CardWeight,
                $"{string.Join(", ", sets)}: {known} of {dataset.Arms.Count} models",
                dataset.Arms.Zip(costUsd).Where(one => one.Second > 0).ToDictionary(one => one.First.Id, one => one.Second, StringComparer.Ordinal));
    }

    private static PlayedCards OfPool(ReplayDataset dataset, ReplayOptions options, bool shuffled)
    {
        var pool = new PooledTenants(
            options.PoolTenants > 0 ? [] : SharedModels.Telling(dataset, Others(options.DataDirectory)), options.PoolTenants > 0 ? options.PoolTenants : PooledTenants.StandardSplit, options.PoolEpsilon);

        // What calls cost is public where other sets tell it.
        var costs = pool.Rows > 0 ? null : SharedModels.Of(dataset, Others(options.DataDirectory)).CostUsd;
        return new PlayedCards(
            costs is null ? null : new Dictionary<string, ModelCard>(),
            shuffled,
            options.CardWeight,
            pool.Origin,
            costs is null ? null : dataset.Arms.Zip(costs).Where(one => one.Second > 0).ToDictionary(one => one.First.Id, one => one.Second, StringComparer.Ordinal),
            pool);
    }

    /// <summary>The arms with the cards that are known before the first seed.</summary>
    public IReadOnlyList<Arm> Given(IReadOnlyList<Arm> arms) => [.. arms.Select(arm => arm with { Card = given?.GetValueOrDefault(arm.Id) })];

    /// <summary>The arms with their cards.</summary>
    /// <param name="arms">The arms of a phase.</param>
    /// <param name="world">All arms.</param>
    /// <param name="stream">The stream; its training rows tell the cards where nothing else does.</param>
    /// <param name="phase">The phase of those rows.</param>
    /// <param name="seed">The seed.</param>
    public IReadOnlyList<Arm> Dress(IReadOnlyList<Arm> arms, ReplayWorld world, ReplayStream stream, WorldPhase phase, int seed)
    {
        ModelCard?[] cards = pool?.Cards(world.Arms, stream, phase, seed) ?? [.. world.Arms.Select((arm, a) => given is null ? Measured(a, stream, phase) : given.GetValueOrDefault(arm.Id))];
        int[] order = [.. Enumerable.Range(0, cards.Length)];
        if (shuffled)
        {
            SeededShuffle.Apply(order, RandomStreams.Cards(seed));
        }

        var byId = world.Arms.Select((arm, a) => (arm.Id, Card: cards[order[a]])).ToDictionary(one => one.Id, one => one.Card, StringComparer.Ordinal);
        return [.. arms.Select(arm => Priced(arm, world, stream, phase) with { Card = byId[arm.Id] })];
    }

    // Prices are public: where a set records none, what the cards come from says what an answer costs. It is not shuffled.
    private Arm Priced(Arm arm, ReplayWorld world, ReplayStream stream, WorldPhase phase)
    {
        var expected = given is not null
            ? costUsd?.GetValueOrDefault(arm.Id) ?? 0
            : stream.Train.Average(row => phase.Rows[row].CostUsd[world.Arms.Select(one => one.Id).ToList().IndexOf(arm.Id)]);
        var unknown = world.Arms.All(one => one.Prices == ReplayDatasetReader.CostOnly && one.PriorOutputTokens == world.Arms[0].PriorOutputTokens);
        return unknown && expected > 0 ? arm with { PriorOutputTokens = Math.Max(1, expected / ReplayDatasetReader.UsdPerCostToken) } : arm;
    }

    private ModelCard Measured(int arm, ReplayStream stream, WorldPhase phase) =>
        new() { Weight = weight, Quality = stream.Train.Average(row => phase.Rows[row].Score[arm]) };

    private static IEnumerable<ReplayDataset> Others(string directory)
    {
        var own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        return Directory.EnumerateDirectories(Path.GetDirectoryName(own)!)
            .Where(other => other != own && File.Exists(Path.Combine(other, "data.jsonl")))
            .Order(StringComparer.Ordinal)
            .Select(other => ReplayDatasetReader.Read(other, armNames: null));
    }
}
