using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Evidence;

/// <summary>Makes rows in which some arms' outcomes are unknown into rows that any policy can be warm-started with.</summary>
internal static class CompletedRows
{
    /// <summary>Fills what is unknown with what is to be expected: rewards, and logarithms of output tokens, each by <see cref="CompletedTable"/>.</summary>
    /// <param name="rows">The rows; a reward that is NaN is not known, and a cost that is NaN says that nothing is known of that arm's answer.</param>
    /// <param name="arms">The arms, in the order of the outcomes.</param>
    /// <param name="tasks">What the policy knows of the rows' tasks, one a row: rows of a task have outcomes of their own.</param>
    /// <returns>The same rows where nothing is unknown.</returns>
    public static IReadOnlyList<WarmStartRow> Of(IReadOnlyList<WarmStartRow> rows, IReadOnlyList<Arm> arms, IEnumerable<string?> tasks)
    {
        if (rows.All(row => !row.Rewards.Any(double.IsNaN)))
        {
            return rows;
        }

        double[][] rewards = [.. rows.Select(row => (double[])row.Rewards.Clone())];
        var kinds = Numbered(tasks);
        CompletedTable.Fill(rewards, kinds);
        double[][] outputs = [.. rows.Select(row => row.Usage.Select((u, a) => u.Output <= 0 ? double.NaN : Math.Log(u.Output)).ToArray())];
        CompletedTable.Fill(outputs, kinds);
        var inputs = arms.Select((_, a) => InputRatio(rows, arms, a)).ToArray();
        return [.. rows.Select((row, i) => Complete(row, rewards[i], outputs[i], inputs, arms))];
    }

    /// <summary>Numbers of kinds, from 0 in the order of their first rows.</summary>
    /// <param name="tasks">The rows' tasks.</param>
    public static int[] Numbered(IEnumerable<string?> tasks)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. tasks.Select(task => numbers.TryGetValue(task ?? string.Empty, out var number) ? number : numbers[task ?? string.Empty] = numbers.Count)];
    }

    private static WarmStartRow Complete(WarmStartRow row, double[] rewards, double[] outputs, double[] inputs, IReadOnlyList<Arm> arms)
    {
        var usage = (TokenUsage[])row.Usage.Clone();
        var cost = (double[])row.CostUsd.Clone();
        var latency = (double[])row.LatencySeconds.Clone();
        for (var a = 0; a < rewards.Length; a++)
        {
            if (double.IsNaN(row.Rewards[a]))
            {
                rewards[a] = Math.Clamp(rewards[a], 0, 1);
                if (IsCharged(row, a))
                {
                    continue;
                }

                usage[a] = new TokenUsage(arms[a].InputOf(row.InputTokens) * inputs[a], 0, double.IsNaN(outputs[a]) ? 0 : Math.Exp(outputs[a]));
                cost[a] = arms[a].Cost(usage[a]);
                latency[a] = double.NaN;
            }
        }

        return row with { Rewards = rewards, Usage = usage, CostUsd = cost, LatencySeconds = latency };
    }

    private static bool IsCharged(WarmStartRow row, int arm) => !double.IsNaN(row.CostUsd[arm]);

    private static double InputRatio(IReadOnlyList<WarmStartRow> rows, IReadOnlyList<Arm> arms, int arm)
    {
        var (sum, count) = (0.0, 0);
        foreach (var row in rows)
        {
            if (!double.IsNaN(row.Rewards[arm]) || IsCharged(row, arm))
            {
                sum += row.Usage[arm].Input / arms[arm].InputOf(row.InputTokens);
                count++;
            }
        }

        return count == 0 ? 1 : sum / count;
    }
}
