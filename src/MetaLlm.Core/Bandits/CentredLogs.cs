namespace MetaLlm.Core.Bandits;

/// <summary>Logarithms of one arm's output tokens in the rows of a warm start, less their mean. Output of 0 counts as the least that was seen.</summary>
internal sealed class CentredLogs
{
    // Unless less was seen, no output counts as less than this share of the mean: one empty answer is not to rule a regression.
    private const double LeastShare = 1e-4;

    /// <param name="rows">The rows; in at least one the arm has written something.</param>
    /// <param name="arm">The arm.</param>
    public CentredLogs(IReadOnlyList<WarmStartRow> rows, int arm)
    {
        double[] outputs = [.. rows.Select(r => r.Usage[arm].Output)];
        Mean = outputs.Average();
        Smallest = Math.Max(Mean * LeastShare, outputs.Where(o => o > 0).Min());
        Largest = outputs.Max();
        var logs = Array.ConvertAll(outputs, o => Math.Log(Math.Max(Smallest, o)));
        Level = logs.Average();
        Values = Array.ConvertAll(logs, l => l - Level);
    }

    /// <summary>Mean output, tokens.</summary>
    public double Mean { get; }

    /// <summary>What the least output counts as, tokens, above 0.</summary>
    public double Smallest { get; }

    /// <summary>Largest output, tokens.</summary>
    public double Largest { get; }

    /// <summary>Mean logarithm.</summary>
    public double Level { get; }

    /// <summary>Per row, the logarithm less <see cref="Level"/>.</summary>
    public double[] Values { get; }
}
