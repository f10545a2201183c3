using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Evaluation.Statistics;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>
/// Estimates what can be learned at all. The flagship learns from four fifths of all rows with every arm's outcome, the scored ones among them, and predicts the
/// fifth that it has not seen; then the shadow price is chosen in hindsight. A router that sees the chosen arm's outcome only, in order, and must
/// keep to its budget as it goes has to be lucky to pass this. What lies between it and the oracle is guessing, the noise of whoever
/// judged, and what another kind of model might find.
/// </summary>
internal static class LearnableReward
{
    private const int Folds = 5;
    private const ulong FoldSeed = 31;

    // Prices of money tried, log-spaced over every price at which a choice could change.
    private const int Prices = 600;
    private const double PriceRange = 1e4;

    /// <summary>Estimates.</summary>
    /// <param name="dataset">Outcomes of every arm.</param>
    /// <param name="features">What is known of the queries, the tag included.</param>
    /// <param name="scored">Rows that count, by index.</param>
    /// <param name="budgets">USD per request.</param>
    /// <param name="cancellationToken">Cancels between folds.</param>
    /// <returns>Per kind of features, one point per budget and one without.</returns>
    public static IReadOnlyList<LearnablePoint> Estimate(
        ReplayDataset dataset, FeatureTable features, IReadOnlyList<int> scored, IReadOnlyList<double> budgets, CancellationToken cancellationToken)
    {
        int[] arms = [.. Enumerable.Range(0, dataset.Arms.Count)];
        ReplayRow[] rows = [.. scored.Select(i => dataset.Rows[i])];
        var mix = new UpperConcaveHull(arms.Select(a => new CostRewardPoint(rows.Average(r => r.CostUsd[a]), rows.Average(r => r.Score[a]))));
        double?[] limits = [.. budgets.Select(b => (double?)b), null];
        double[] oracle = [.. limits.Select(b => OracleChooser.Choose(rows, arms, new TradeOff(b, 0)).Select((arm, i) => rows[i].Score[arm]).Average())];
        return [.. Points("all", features), .. Points("no-task", features.WithoutTask())];

        IEnumerable<LearnablePoint> Points(string name, FeatureTable known)
        {
            var predicted = Predict(dataset, known, scored, cancellationToken);
            var learned = Frontier(rows, [.. predicted.Select(p => p.Quality)], [.. predicted.Select(p => p.CostUsd)]);
            var costsKnown = Frontier(rows, [.. predicted.Select(p => p.Quality)], [.. rows.Select(r => r.CostUsd)]);
            return limits.Select((b, i) => new LearnablePoint(
                name, b, mix.RewardAt(b ?? double.MaxValue), learned.RewardAt(b ?? double.MaxValue), costsKnown.RewardAt(b ?? double.MaxValue), oracle[i]));
        }
    }

    // Quality and cost of every arm for every scored row, by a tenant that has not seen the row.
    private static (double[] Quality, double[] CostUsd)[] Predict(
        ReplayDataset dataset, FeatureTable features, IReadOnlyList<int> scored, CancellationToken cancellationToken)
    {
        int Fold(int row) => (int)(CounterRandom.Uniform(FoldSeed, (ulong)row) * Folds);
        var places = scored.Select((row, place) => (row, place)).ToDictionary(p => p.row, p => p.place);
        var result = new (double[] Quality, double[] CostUsd)[scored.Count];
        var cores = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, Folds, cores, fold =>
        {
            var tenant = new PlayedTenant(features);
            tenant.Configure(new TenantConfiguration { Arms = dataset.Arms, Policy = EvaluationSuite.Flagship }, DateTimeOffset.UnixEpoch);
            tenant.WarmStart(
            [
                .. dataset.Rows.Select((row, i) => (row, i)).Where(r => Fold(r.i) != fold)
                    .Select(r => new WarmStartQuery(features.Queries[r.i], r.row.Score, r.row.Usage, r.row.CostUsd, r.row.LatencySeconds)),
            ]);
            foreach (var row in scored.Where(r => Fold(r) == fold))
            {
                // The decision is never applied: predictions are all that is wanted of it.
                var decision = tenant.Decide(new DecisionRequest { Features = features.Queries[row] }, DateTimeOffset.UnixEpoch);
                var byArm = decision.Arms.ToDictionary(a => a.ArmId, StringComparer.Ordinal);
                result[places[row]] =
                    ([.. dataset.Arms.Select(a => byArm[a.Id].Quality)], [.. dataset.Arms.Select(a => byArm[a.Id].CostUsd)]);
            }
        });
        return result;
    }

    // What can be had for each mean cost: arms chosen by quality - price * cost for every price, mixed between neighbouring prices.
    private static UpperConcaveHull Frontier(ReplayRow[] rows, double[][] quality, double[][] costUsd)
    {
        var mean = costUsd.Average(c => c.Average());
        double[] prices = [0, .. Enumerable.Range(0, Prices).Select(i => Math.Pow(PriceRange, (2.0 * i / (Prices - 1)) - 1) / mean)];
        return new UpperConcaveHull(prices.Select(price =>
        {
            double cost = 0, reward = 0;
            for (var i = 0; i < rows.Length; i++)
            {
                var best = 0;
                for (var a = 1; a < quality[i].Length; a++)
                {
                    if (quality[i][a] - (price * costUsd[i][a]) > quality[i][best] - (price * costUsd[i][best]))
                    {
                        best = a;
                    }
                }

                cost += rows[i].CostUsd[best];
                reward += rows[i].Score[best];
            }

            return new CostRewardPoint(cost / rows.Length, reward / rows.Length);
        }));
    }
}
