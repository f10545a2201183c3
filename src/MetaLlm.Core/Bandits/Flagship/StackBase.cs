namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>One ridge regression of a stack: it sees the bias and some ranges of the context.</summary>
/// <param name="Columns">Positions it sees, ascending, the bias (0) first.</param>
/// <param name="Penalty">Ridge, above 0.</param>
internal sealed record StackBase(int[] Columns, double Penalty)
{
    /// <summary>The regressions that pay for themselves: the tag alone; structure and tag; structure and embedding; topics.</summary>
    public static StackBase[] For(ContextBlocks blocks)
    {
        var structural = Enumerable.Range(1, blocks.Structural).ToArray();
        var task = Enumerable.Range(1 + blocks.Structural, blocks.Task).ToArray();
        var embedding = Enumerable.Range(1 + blocks.Structural + blocks.Task, blocks.Embedding).ToArray();
        var topic = Enumerable.Range(1 + blocks.Structural + blocks.Task + blocks.Embedding, blocks.Topic).ToArray();
        var candidates = new List<StackBase>
        {
            new([0, .. task], 10),
            new([0, .. structural, .. task], 10),
            new([0, .. structural, .. embedding], 30),
            new([0, .. topic], 10),
        };
        return [.. candidates.DistinctBy(c => string.Join(',', c.Columns))];
    }

    /// <summary>Coefficients per arm over the whole context, 0 where the regression does not look.</summary>
    /// <param name="rows">X.</param>
    /// <param name="rewards">Per row, one centred reward an arm.</param>
    public double[][] Fit(double[][] rows, double[][] rewards)
    {
        var regression = new RidgeRegression(Array.ConvertAll(rows, row => Array.ConvertAll(Columns, c => row[c])), Penalty);
        var thetas = new double[rewards[0].Length][];
        var target = new double[rows.Length];
        for (var a = 0; a < thetas.Length; a++)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                target[i] = rewards[i][a];
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
