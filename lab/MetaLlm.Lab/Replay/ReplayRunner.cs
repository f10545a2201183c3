using MetaLlm.Lab.Replay.Cards;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay;

/// <summary>Plays every policy with every trade-off on every seed, on all cores, and reports.</summary>
/// <param name="dataset">The recorded outcomes.</param>
/// <param name="world">How they change while they are played.</param>
/// <param name="features">What is known of the queries.</param>
/// <param name="planner">Divides and orders the rows.</param>
/// <param name="options">What to run.</param>
/// <param name="cards">What is expected of the arms; null for nothing.</param>
internal sealed class ReplayRunner(ReplayDataset dataset, ReplayWorld world, FeatureTable features, StreamPlanner planner, ReplayOptions options, PlayedCards? cards = null)
{
    private readonly PolicyPlayer _player = new(world, features, options, cards);

    /// <summary>Number of runs: policies x trade-offs x seeds.</summary>
    public int Runs => options.Policies.Count * options.TradeOffs.Count * options.Seeds;

    /// <summary>Plays everything. Results do not depend on how runs are spread over cores.</summary>
    /// <param name="finished">Called with 1 after each run, from any thread.</param>
    /// <param name="cancellationToken">Cancels between requests.</param>
    /// <returns>One result per policy and trade-off, in the order of the options.</returns>
    public async Task<IReadOnlyList<ReplayResult>> RunAsync(Action<int> finished, CancellationToken cancellationToken)
    {
        ReplayStream[] streams = [.. Enumerable.Range(1, options.Seeds).Select(planner.Plan)];
        var outcomes = new SeedOutcome[Runs];
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Runs, cores, (run, token) =>
        {
            var (policy, tradeOff, seed) = Locate(run);
            outcomes[run] = policy == OracleChooser.Name
                ? _player.PlayOracle(tradeOff, streams[seed - 1])
                : _player.Play(policy, tradeOff, streams[seed - 1], seed, token);
            finished(1);
            return ValueTask.CompletedTask;
        });

        var builder = new ReplayReportBuilder(dataset.Name, world, [.. streams.Select(s => new PhasedReferences(world, s))], options) { Cards = cards?.Origin };
        return
        [
            .. outcomes.Chunk(options.Seeds).Select((ofSeeds, i) =>
            {
                var (policy, tradeOff, _) = Locate(i * options.Seeds);
                return new ReplayResult(builder.Build(policy, tradeOff, ofSeeds), ofSeeds);
            }),
        ];
    }

    private (string Policy, TradeOff TradeOff, int Seed) Locate(int run)
    {
        var (setting, seed) = Math.DivRem(run, options.Seeds);
        var (policy, tradeOff) = Math.DivRem(setting, options.TradeOffs.Count);
        return (options.Policies[policy], options.TradeOffs[tradeOff], seed + 1);
    }
}
