using MetaLlm.Core.Batches;
using MetaLlm.Core.Tenancy;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Batches;

/// <summary>Plays a seed's scored rows as one batch: what a warm policy predicts of all of them, then the plan of the product, bills as recorded, and a new plan now and then.</summary>
/// <param name="world">The recorded outcomes; nothing changes in it.</param>
/// <param name="features">What is known of the queries.</param>
/// <param name="options">Parts of the context.</param>
internal sealed class BatchPlayer(ReplayWorld world, FeatureTable features, ReplayOptions options)
{
    private const int Plans = 20;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    private readonly WorldPhase _phase = world.Phases[0];

    /// <summary>A tenant that has learned from the warm-start rows.</summary>
    /// <param name="policy">Name of a registered policy.</param>
    /// <param name="stream">The rows.</param>
    /// <param name="seed">Seed of the tenant.</param>
    public PlayedTenant Warm(string policy, ReplayStream stream, int seed)
    {
        var tenant = new PlayedTenant(features);
        tenant.Configure(PolicyPlayer.Configure(_phase.Arms, options, policy, new TradeOff(null, 0), seed), Start);
        tenant.WarmStart([.. stream.Train.Select(Known)]);
        return tenant;
    }

    /// <summary>What a tenant predicts of the scored rows.</summary>
    public BatchPredictions Predict(PlayedTenant tenant, ReplayStream stream, CancellationToken cancellationToken)
    {
        var scored = stream.Scored;
        var predictions = new BatchPredictions(scored.Length, world.Arms.Count);
        for (var query = 0; query < scored.Length; query++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var decision = tenant.Decide(new DecisionRequest { Features = features.Queries[scored[query]] }, Start);
            for (var arm = 0; arm < decision.Arms.Count; arm++)
            {
                var looks = decision.Arms[arm];
                predictions.Set(query, arm, looks.Quality, looks.QualityDeviation, looks.CostUsd);
            }
        }

        return predictions;
    }

    /// <summary>The same predictions, each of another query: a plan by them knows arms and prices, and nothing of queries.</summary>
    public static BatchPredictions Shuffle(BatchPredictions predictions, int seed)
    {
        int[] from = [.. Enumerable.Range(0, predictions.Queries)];
        SeededShuffle.Apply(from, RandomStreams.ShuffledLabels(seed));
        var shuffled = new BatchPredictions(predictions.Queries, predictions.Arms);
        for (var query = 0; query < from.Length; query++)
        {
            for (var arm = 0; arm < predictions.Arms; arm++)
            {
                shuffled.Set(query, arm, predictions.Quality(from[query], arm), predictions.Deviation(from[query], arm), predictions.CostUsd(from[query], arm));
            }
        }

        return shuffled;
    }

    /// <summary>Runs a batch, planned anew after each twentieth.</summary>
    /// <param name="predictions">What is predicted of the scored rows.</param>
    /// <param name="stream">The rows.</param>
    /// <param name="usdPerQuery">Its budget, USD a query.</param>
    /// <param name="caution">See <see cref="BatchFrontier"/>.</param>
    /// <param name="learner">The tenant, which learns from each answer's reward and then predicts anew; null where no rewards come while the batch runs.</param>
    /// <param name="cancellationToken">Cancels between queries.</param>
    public BatchOutcome Play(
        BatchPredictions predictions, ReplayStream stream, double usdPerQuery, double caution, PlayedTenant? learner, CancellationToken cancellationToken)
    {
        var scored = stream.Scored;
        var schedule = new BatchSchedule(predictions, caution);
        var done = new List<(int Query, int Arm)>(scored.Length);
        var left = usdPerQuery * scored.Length;
        var (first, reward, cost) = (default(BatchPlan), 0.0, 0.0);
        while (schedule.Open > 0)
        {
            if (learner is not null && first is not null)
            {
                predictions = Predict(learner, stream, cancellationToken);
                schedule = new BatchSchedule(predictions, caution);
                foreach (var (query, arm) in done)
                {
                    schedule.Close(query, arm, double.NaN);
                }
            }

            var plan = schedule.WithinBudget(left);
            first ??= plan;
            foreach (var query in schedule.Next((scored.Length / Plans) + 1, query => predictions.CostUsd(query, plan.Choices[query])))
            {
                var (row, arm) = (_phase.Rows[scored[query]], plan.Choices[query]);
                reward += row.Score[arm];
                cost += row.CostUsd[arm];
                left -= row.CostUsd[arm];
                schedule.Close(query, arm, row.CostUsd[arm]);
                done.Add((query, arm));
                if (learner is not null)
                {
                    Learn(learner, scored[query], arm);
                }
            }
        }

        return new BatchOutcome(reward / scored.Length, cost / scored.Length, first!.Quality, first.QualityLow, first.QualityHigh, first.CostUsd / scored.Length);
    }

    private void Learn(PlayedTenant tenant, int index, int arm)
    {
        var row = _phase.Rows[index];
        var decision = tenant.Decide(new DecisionRequest { Features = features.Queries[index], PinnedArm = world.Arms[arm].Id }, Start);
        tenant.Apply(decision);
        var facts = DecisionFacts.Of(decision);
        tenant.Settle(facts, row.Usage[arm], row.CostUsd[arm], row.LatencySeconds[arm], Start);
        tenant.Reward(new Feedback(facts with { SettledUsd = row.CostUsd[arm] }, "outcome", row.Score[arm], null), Start);
    }

    private WarmStartQuery Known(int index)
    {
        ReplayRow row = _phase.Rows[index];
        return new WarmStartQuery(features.Queries[index], row.Score, row.Usage, row.CostUsd, row.LatencySeconds);
    }
}
