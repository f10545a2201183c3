namespace MetaLlm.Chaos.Faults;

/// <summary>Draws the faults of a campaign: the same seed and kinds give the same faults.</summary>
internal static class FaultPlan
{
    /// <summary>Share of the database's faults that may come with others. All tenants are hit then, so that the others' effect on them cannot be told.</summary>
    private const double TogetherShare = 0.3;

    /// <summary>Share of the faults that may last as long as their kind ever does: longer than any limit of connections. The others are over in half of that.</summary>
    private const double LongShare = 0.25;

    private static readonly Dictionary<FaultKind, (double Weight, double Shortest, double Longest)> Shapes = new()
    {
        [FaultKind.Kill] = (40, 0, 8),
        [FaultKind.Freeze] = (6, 30, 30),
        [FaultKind.CutDatabase] = (12, 3, 12),
        [FaultKind.CutPeers] = (8, 5, 16),
        [FaultKind.CutBoth] = (6, 5, 16),
        [FaultKind.DatabaseRestart] = (8, 0, 2),
        [FaultKind.DatabaseCrash] = (8, 0, 2),
        [FaultKind.DiskFull] = (4, 3, 8),
        [FaultKind.Clock] = (8, 2, 6),
    };

    /// <summary>Draws.</summary>
    /// <param name="seed">Names the draw.</param>
    /// <param name="count">How many; each possible kind comes at least once where there are as many.</param>
    /// <param name="possible">Kinds that can be made here.</param>
    public static IReadOnlyList<FaultOrder> Draw(int seed, int count, IReadOnlyList<FaultKind> possible)
    {
        var random = new Random(seed);
        var kinds = possible.Take(count).Concat(Enumerable.Range(0, Math.Max(0, count - possible.Count)).Select(_ => Kind(random, possible))).ToArray();
        random.Shuffle(kinds);
        return [.. kinds.Select((kind, i) => new FaultOrder(i + 1, kind, random.NextDouble(), !kind.HitsDatabase() || random.NextDouble() < TogetherShare, Length(random, kind)))];
    }

    private static FaultKind Kind(Random random, IReadOnlyList<FaultKind> possible)
    {
        var rest = random.NextDouble() * possible.Sum(kind => Shapes[kind].Weight);
        foreach (var kind in possible)
        {
            rest -= Shapes[kind].Weight;
            if (rest < 0)
            {
                return kind;
            }
        }

        return possible[^1];
    }

    private static TimeSpan Length(Random random, FaultKind kind)
    {
        var (_, shortest, longest) = Shapes[kind];

        // Half of the killed hosts are back at once: the quickest way to find two of a name.
        var most = kind == FaultKind.Freeze || random.NextDouble() < LongShare ? longest : longest / 2;
        var seconds = kind == FaultKind.Kill && random.NextDouble() < 0.5 ? 0 : shortest + (random.NextDouble() * (most - shortest));
        return TimeSpan.FromSeconds(Math.Round(seconds, 1));
    }
}
