namespace MetaLlm.Core.Evidence;

/// <summary>Replaces verdicts by the rewards that are to be expected where they were given.</summary>
internal static class CorrectedVerdicts
{
    /// <summary>Replaces in place: a verdict v says (v - e_0) / b, measured with the variance s^2 / b^2, and becomes its expectation by <see cref="CompletedTable"/>, 0 to 1.</summary>
    /// <param name="table">Rewards and verdicts; NaN is a hole and stays one.</param>
    /// <param name="isVerdict">Which are verdicts.</param>
    /// <param name="kinds">Per row, the number of its kind, from 0.</param>
    /// <param name="errors">How far verdicts differ from rewards; <see cref="VerdictErrors.Slope"/> above 0.</param>
    public static void Correct(double[][] table, bool[][] isVerdict, int[] kinds, VerdictErrors errors)
    {
        var (slope, excess) = (errors.Slope, errors.Excess);
        var variance = errors.Noise / (slope * slope);
        var noise = Array.ConvertAll(isVerdict, row => Array.ConvertAll(row, one => one ? variance : 0));
        var filled = table.Select((row, i) => row.Select((value, a) => isVerdict[i][a] ? (value - excess) / slope : value).ToArray()).ToArray();
        CompletedTable.Fill(filled, kinds, noise);
        for (var i = 0; i < table.Length; i++)
        {
            for (var a = 0; a < table[i].Length; a++)
            {
                if (isVerdict[i][a] && !double.IsNaN(table[i][a]))
                {
                    table[i][a] = Math.Clamp(filled[i][a], 0, 1);
                }
            }
        }
    }

    /// <summary>Makes holes of all verdicts.</summary>
    /// <param name="table">Rewards and verdicts.</param>
    /// <param name="isVerdict">Which are verdicts.</param>
    public static void Drop(double[][] table, bool[][] isVerdict)
    {
        for (var i = 0; i < table.Length; i++)
        {
            for (var a = 0; a < table[i].Length; a++)
            {
                table[i][a] = isVerdict[i][a] ? double.NaN : table[i][a];
            }
        }
    }
}
