using MetaLlm.Lab.Replay.Streams;

namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>Negative controls: data in which a correct policy must gain nothing, or lose nothing.</summary>
internal static class DatasetControls
{
    /// <summary>Outcomes belong to other queries: nothing about a query says anything about them, and no gain is possible.</summary>
    public const string ShuffledLabels = "shuffled-labels";

    /// <summary>The arm in the middle of the hull is there twice: more choice, nothing more to gain.</summary>
    public const string DuplicatedArm = "duplicated-arm";

    private const int ShuffleSeed = 1;

    /// <summary>Names of the controls.</summary>
    public static IReadOnlyList<string> Names { get; } = [ShuffledLabels, DuplicatedArm];

    /// <summary>Applies a control.</summary>
    /// <param name="dataset">The recorded outcomes.</param>
    /// <param name="control">One of <see cref="Names"/>; null changes nothing.</param>
    /// <exception cref="BadInputException">The data set does not fit the control.</exception>
    public static ReplayDataset Apply(ReplayDataset dataset, string? control) => control switch
    {
        ShuffledLabels => Shuffle(dataset),
        DuplicatedArm => Duplicate(dataset),
        _ => dataset,
    };

    // Whole outcome vectors move, and only within their part: means, costs and the static mix of every part stay what they were.
    private static ReplayDataset Shuffle(ReplayDataset dataset)
    {
        var rows = dataset.Rows.ToArray();
        foreach (var part in Enumerable.Range(0, rows.Length).GroupBy(i => dataset.Rows[i].Split))
        {
            int[] to = [.. part];
            int[] from = [.. to];
            SeededShuffle.Apply(from, RandomStreams.ShuffledLabels(ShuffleSeed));
            for (var i = 0; i < to.Length; i++)
            {
                var outcome = dataset.Rows[from[i]];
                rows[to[i]] = rows[to[i]] with
                {
                    Score = outcome.Score,
                    CostUsd = outcome.CostUsd,
                    Usage = outcome.Usage,
                    LatencySeconds = outcome.LatencySeconds,
                };
            }
        }

        return dataset with { Rows = rows };
    }

    private static ReplayDataset Duplicate(ReplayDataset dataset)
    {
        var arm = new Worlds.ArmRanks(dataset).Middle;
        var copy = dataset.Arms[arm] with { Id = dataset.Arms[arm].Id + " (copy)" };
        return dataset.Arms.Any(a => a.Id == copy.Id)
            ? throw new BadInputException($"--control: {dataset.Name} has an arm {copy.Id} already.")
            : dataset with
            {
                Arms = [.. dataset.Arms, copy],
                Rows = [.. dataset.Rows.Select(row => row with
                {
                    Score = [.. row.Score, row.Score[arm]],
                    CostUsd = [.. row.CostUsd, row.CostUsd[arm]],
                    Usage = [.. row.Usage, row.Usage[arm]],
                    LatencySeconds = [.. row.LatencySeconds, row.LatencySeconds[arm]],
                })],
            };
    }
}
