namespace MetaLlm.Core.Tenancy;

/// <summary>Refuses warm-start rows that a policy could not learn from.</summary>
internal static class WarmStartCheck
{
    public static void Check(IReadOnlyList<WarmStartQuery> rows, int arms)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            CheckLength(i, nameof(row.Rewards), row.Rewards.Length, arms);
            CheckLength(i, nameof(row.Usage), row.Usage.Length, arms);
            CheckLength(i, nameof(row.CostUsd), row.CostUsd.Length, arms);
            CheckLength(i, nameof(row.LatencySeconds), row.LatencySeconds.Length, arms);
            for (var a = 0; a < arms; a++)
            {
                CheckNumber(i, a, nameof(row.Rewards), row.Rewards[a], 1);
                CheckNumber(i, a, nameof(row.CostUsd), row.CostUsd[a], double.MaxValue);
                CheckNumber(i, a, "Usage.Input", row.Usage[a].Input, double.MaxValue);
                CheckNumber(i, a, "Usage.CachedInput", row.Usage[a].CachedInput, double.MaxValue);
                CheckNumber(i, a, "Usage.Output", row.Usage[a].Output, double.MaxValue);
            }
        }
    }

    private static void CheckLength(int row, string field, int length, int arms)
    {
        if (length != arms)
        {
            throw new ArgumentException($"Warm-start row {row}: {field} has {length} entries; the configuration has {arms} arms.");
        }
    }

    private static void CheckNumber(int row, int arm, string field, double value, double maximum)
    {
        if (!(value >= 0 && value <= maximum))
        {
            var range = maximum == 1 ? "0 to 1" : "finite and at least 0";
            throw new ArgumentException($"Warm-start row {row}: {field}[{arm}] is {value}; it must be {range}.");
        }
    }
}
