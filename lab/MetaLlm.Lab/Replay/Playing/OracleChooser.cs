using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>Choices of one who knows every outcome in advance: the bound on what any policy can reach.</summary>
internal static class OracleChooser
{
    /// <summary>Name of the oracle among the policies.</summary>
    public const string Name = "oracle";

    /// <summary>Chooses for every row.</summary>
    /// <param name="outcomes">The outcomes to choose for.</param>
    /// <param name="arms">Indices of the arms that can serve.</param>
    /// <param name="tradeOff">
    /// Without a budget each row gets the arm with the best score - price weight * cost, the cheapest on ties. With one, the
    /// linear programme "most reward for a mean cost within the budget" is solved by its Lagrangian.
    /// </param>
    /// <returns>Arm index per row.</returns>
    public static int[] Choose(IReadOnlyList<ReplayRow> outcomes, IReadOnlyList<int> arms, TradeOff tradeOff) => tradeOff.Budget is { } budget
        ? WithinBudget(outcomes, arms, budget * outcomes.Count)
        : [.. outcomes.Select(o => BestArm(o, arms, tradeOff.PriceWeight))];

    /// <summary>The arm with the best score - price weight * cost; the cheapest on ties.</summary>
    public static int BestArm(ReplayRow row, IReadOnlyList<int> arms, double priceWeight)
    {
        var best = arms[0];
        foreach (var arm in arms)
        {
            var gain = row.Score[arm] - row.Score[best] - (priceWeight * (row.CostUsd[arm] - row.CostUsd[best]));
            if (gain > 0 || (gain == 0 && row.CostUsd[arm] < row.CostUsd[best]))
            {
                best = arm;
            }
        }

        return best;
    }

    // Every row starts at its cheapest arm and may climb the corners of its own hull. Climbing in order of reward per USD
    // is the solution for every Lagrange multiplier in turn; a step that no longer fits ends its row's climb.
    private static int[] WithinBudget(IReadOnlyList<ReplayRow> rows, IReadOnlyList<int> arms, double totalUsd)
    {
        var choices = new int[rows.Count];
        var steps = new List<(double Slope, int Row, int Arm, double Cost)>();
        var left = totalUsd;
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var corners = new UpperConcaveHull(arms.Select(arm => new CostRewardPoint(row.CostUsd[arm], row.Score[arm]))).Vertices;
            choices[i] = ArmAt(row, arms, corners[0]);
            left -= corners[0].Cost;
            for (var c = 1; c < corners.Count; c++)
            {
                var cost = corners[c].Cost - corners[c - 1].Cost;
                steps.Add(((corners[c].Reward - corners[c - 1].Reward) / cost, i, ArmAt(row, arms, corners[c]), cost));
            }
        }

        var ended = new bool[rows.Count];
        foreach (var step in steps.OrderByDescending(s => s.Slope).ThenBy(s => s.Row))
        {
            if (!ended[step.Row] && step.Cost <= left)
            {
                choices[step.Row] = step.Arm;
                left -= step.Cost;
            }
            else
            {
                ended[step.Row] = true;
            }
        }

        return choices;
    }

    private static int ArmAt(ReplayRow row, IReadOnlyList<int> arms, CostRewardPoint corner) =>
        arms.First(arm => row.CostUsd[arm] == corner.Cost && row.Score[arm] == corner.Reward);
}
