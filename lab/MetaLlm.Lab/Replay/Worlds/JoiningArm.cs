using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Worlds;

/// <summary>Makes an arm that joins later out of the recorded outcomes of others.</summary>
internal static class JoiningArm
{
    /// <summary>Id of the arm that is made.</summary>
    public const string Id = "newcomer";

    /// <summary>Adds the arm to a data set.</summary>
    /// <param name="dataset">The recorded outcomes.</param>
    /// <param name="ranks">Their arms' ranks.</param>
    /// <param name="scenario">
    /// <c>add-good-cheap</c>: rewards of the best arm at half the cost of the middle one. <c>add-good-dear</c>: the better reward of the
    /// best and the middle arm at twice the cost of the most expensive. <c>add-bad</c>: half the rewards of the cheapest arm at half its cost.
    /// </param>
    /// <returns>The data set with one more arm, and that arm's index.</returns>
    /// <exception cref="BadInputException">An arm of that id is there already.</exception>
    public static (ReplayDataset Dataset, int Arm) Synthesise(ReplayDataset dataset, ArmRanks ranks, string scenario)
    {
        if (dataset.Arms.Any(a => a.Id == Id))
        {
            throw new BadInputException($"--scenario: {dataset.Name} has an arm {Id} already; choose one that joins with --scenario-arm.");
        }

        var (costArm, costFactor) = scenario switch
        {
            "add-good-cheap" => (ranks.Middle, 0.5),
            "add-good-dear" => (ranks.MostExpensive, 2.0),
            _ => (ranks.Cheapest, 0.5),
        };
        Func<ReplayRow, double> reward = scenario switch
        {
            "add-good-cheap" => row => row.Score[ranks.Best],
            "add-good-dear" => row => Math.Max(row.Score[ranks.Best], row.Score[ranks.Middle]),
            _ => row => 0.5 * row.Score[ranks.Cheapest],
        };
        var like = dataset.Arms[costArm];
        var prices = new TokenPrices(like.Prices.Input * costFactor, like.Prices.CachedInput * costFactor, like.Prices.Output * costFactor);
        var joined = dataset with
        {
            Arms = [.. dataset.Arms, like with { Id = Id, Prices = prices }],
            Rows = [.. dataset.Rows.Select(row => row with
            {
                Score = [.. row.Score, reward(row)],
                CostUsd = [.. row.CostUsd, row.CostUsd[costArm] * costFactor],
                Usage = [.. row.Usage, row.Usage[costArm]],
                LatencySeconds = [.. row.LatencySeconds, row.LatencySeconds[costArm]],
            })],
        };
        return (joined, dataset.Arms.Count);
    }
}
