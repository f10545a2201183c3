namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>One ridge regression of a stack: it sees the bias and some ranges of the context.</summary>
/// <param name="Columns">Positions it sees, ascending, the bias (0) first.</param>
/// <param name="Penalty">Ridge, above 0.</param>
internal sealed record StackBase(int[] Columns, double Penalty)
{
    private const int LeadingComponents = 8;

    /// <summary>The regressions that are stacked with the one that finds its penalties itself: the tag alone; topics alone.</summary>
    public static StackBase[] For(ContextBlocks blocks)
    {
        var (_, task, _, _, topic) = Ranges(blocks);
        StackBase[] candidates = [new([0, .. task], 10), new([0, .. topic], 10)];
        return [.. candidates.DistinctBy(c => string.Join(',', c.Columns))];
    }

    /// <summary>
    /// The blocks of a context, without the bias, that an <see cref="EvidenceRegression"/> penalises apart. The leading components of the
    /// embedding say more than the others, so the two have a penalty each.
    /// </summary>
    public static int[][] Groups(ContextBlocks blocks)
    {
        var (structural, task, language, embedding, topic) = Ranges(blocks);
        return [structural, task, language, [.. embedding.Take(LeadingComponents)], [.. embedding.Skip(LeadingComponents)], topic];
    }

    /// <summary>Positions of each block of a context, the bias left out.</summary>
    public static (int[] Structural, int[] Task, int[] Language, int[] Embedding, int[] Topic) Ranges(ContextBlocks blocks)
    {
        var task = 1 + blocks.Structural;
        var language = task + blocks.Task;
        var embedding = language + blocks.Language;
        var topic = embedding + blocks.Embedding;
        return (
            [.. Enumerable.Range(1, blocks.Structural)],
            [.. Enumerable.Range(task, blocks.Task)],
            [.. Enumerable.Range(language, blocks.Language)],
            [.. Enumerable.Range(embedding, blocks.Embedding)],
            [.. Enumerable.Range(topic, blocks.Topic)]);
    }

    /// <summary>Coefficients per target over the whole context, 0 where the regression does not look.</summary>
    /// <param name="rows">X.</param>
    /// <param name="targets">Per row, the centred targets.</param>
    public double[][] Fit(double[][] rows, double[][] targets)
    {
        var regression = new RidgeRegression(Array.ConvertAll(rows, row => Array.ConvertAll(Columns, c => row[c])), Penalty);
        var thetas = new double[targets[0].Length][];
        var target = new double[rows.Length];
        for (var a = 0; a < thetas.Length; a++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                target[i] = targets[i][a];
            }

            var narrow = regression.Fit(target);
            thetas[a] = new double[rows[0].Length];
            for (var c = 0; c < Columns.Length; c++)
            {
                thetas[a][Columns[c]] = narrow[c];
            }
        }

        return thetas;
    }
}
