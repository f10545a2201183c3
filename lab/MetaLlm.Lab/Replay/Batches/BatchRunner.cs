using MetaLlm.Core.Batches;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Batches;

/// <summary>Plays the scored rows as batches with every policy, budget, caution and seed, on all cores, beside the same policy online.</summary>
/// <param name="dataset">The recorded outcomes.</param>
/// <param name="world">The same; nothing changes in it.</param>
/// <param name="features">What is known of the queries.</param>
/// <param name="planner">Divides and orders the rows.</param>
/// <param name="options">What to run; every trade-off has a budget.</param>
internal sealed class BatchRunner(ReplayDataset dataset, ReplayWorld world, FeatureTable features, StreamPlanner planner, ReplayOptions options)
{
    private readonly BatchPlayer _batches = new(world, features, options);
    private readonly PolicyPlayer _online = new(world, features, options);
    private readonly PolicyPlayer _silent = new(world, features, options with { Missing = 1 });

    /// <summary>Number of runs: policies x seeds.</summary>
    public int Runs => options.Policies.Count * options.Seeds;

    /// <summary>Plays everything. Results do not depend on how runs are spread over cores.</summary>
    /// <param name="finished">Called with 1 after each run, from any thread.</param>
    /// <param name="cancellationToken">Cancels between queries.</param>
    public async Task<IReadOnlyList<BatchReport>> RunAsync(Action<int> finished, CancellationToken cancellationToken)
    {
        (TradeOff TradeOff, double Caution)[] settings = [.. options.TradeOffs.SelectMany(t => options.Cautions.Select(c => (t, c)))];
        var runs = new SeedRun[Runs, settings.Length];
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Runs, cores, (run, token) =>
        {
            var (policy, seed) = (options.Policies[run / options.Seeds], (run % options.Seeds) + 1);
            var stream = planner.Plan(seed);
            var predictions = _batches.Predict(_batches.Warm(policy, stream, seed), stream, token);
            var shuffled = BatchPlayer.Shuffle(predictions, seed);
            var references = new SeedReferences([.. stream.Scored.ToArray().Select(r => world.Phases[0].Rows[r])], world.Phases[0].Available);
            for (var i = 0; i < settings.Length; i++)
            {
                runs[run, i] = Play(policy, stream, seed, predictions, shuffled, references, settings[i].TradeOff.Budget!.Value, settings[i].Caution, token);
            }

            finished(1);
            return ValueTask.CompletedTask;
        });
        return
        [
            .. options.Policies.SelectMany((policy, p) => settings.Select((setting, i) =>
                Report(policy, setting.TradeOff.Budget!.Value, setting.Caution, [.. Enumerable.Range(0, options.Seeds).Select(s => runs[(p * options.Seeds) + s, i])]))),
        ];
    }

    private SeedRun Play(
        string policy, ReplayStream stream, int seed, BatchPredictions predictions, BatchPredictions shuffled, SeedReferences references, double budget, double caution, CancellationToken token)
    {
        var batch = _batches.Play(predictions, stream, budget, caution, learner: null, token);
        var learned = _batches.Play(predictions, stream, budget, caution, _batches.Warm(policy, stream, seed), token);
        var control = _batches.Play(shuffled, stream, budget, caution, learner: null, token);
        var silent = _silent.Play(policy, new TradeOff(batch.CostUsd, 0), stream, seed, token);
        var online = _online.Play(policy, new TradeOff(learned.CostUsd, 0), stream, seed, token);
        return new SeedRun(
            batch,
            batch.Reward - references.StaticMix.RewardAt(batch.CostUsd),
            control.Reward - references.StaticMix.RewardAt(control.CostUsd),
            batch.Reward - silent.Rewards.Average(),
            silent.CostUsd.Average() / batch.CostUsd,
            learned.Reward,
            learned.Reward - online.Rewards.Average(),
            online.CostUsd.Average() / learned.CostUsd,
            batch.Reward / references.BestSingle.Reward,
            batch.CostUsd / references.BestSingle.Cost);
    }

    private BatchReport Report(string policy, double budget, double caution, SeedRun[] seeds)
    {
        SpreadSummary Over(Func<SeedRun, double> figure) => SpreadSummary.Of([.. seeds.Select(figure)]);
        return new BatchReport
        {
            Data = dataset.Name,
            Policy = policy,
            Budget = budget,
            Caution = caution,
            Seeds = seeds.Length,
            Reward = Over(s => s.Batch.Reward),
            Cost = Over(s => s.Batch.CostUsd),
            WorstOverspend = seeds.Max(s => s.Batch.CostUsd / budget) - 1,
            Promised = Over(s => s.Batch.Expected),
            Covered = seeds.Average(s => s.Batch.IsCovered ? 1.0 : 0),
            OverMix = Over(s => s.OverMix),
            OverOnline = Over(s => s.OverOnline),
            OnlineCost = Over(s => s.OnlineCost),
            Learned = Over(s => s.Learned),
            LearnedOverOnline = Over(s => s.LearnedOverOnline),
            LearnedOnlineCost = Over(s => s.LearnedOnlineCost),
            ShuffledOverMix = Over(s => s.ShuffledOverMix),
            ShareOfBest = Over(s => s.ShareOfBest),
            CostShareOfBest = Over(s => s.CostShareOfBest),
        };
    }

    private sealed record SeedRun(
        BatchOutcome Batch, double OverMix, double ShuffledOverMix, double OverOnline, double OnlineCost, double Learned, double LearnedOverOnline, double LearnedOnlineCost,
        double ShareOfBest, double CostShareOfBest);
}
