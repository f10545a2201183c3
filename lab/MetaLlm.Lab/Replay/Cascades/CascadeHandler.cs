using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>Runs <c>replay --cascade</c>.</summary>
internal static class CascadeHandler
{
    /// <summary>Plays every policy with every trade-off and seed, writes the report and returns the table.</summary>
    /// <param name="name">Name of the data set.</param>
    /// <param name="world">A world in which nothing changes.</param>
    /// <param name="features">What is known of the queries.</param>
    /// <param name="planner">Divides and orders the rows.</param>
    /// <param name="options">What to do; the cascade is given.</param>
    /// <param name="cancellationToken">Stops it; the report file is then left as it was.</param>
    public static async Task<TextTable> RunAsync(
        string name, ReplayWorld world, FeatureTable features, StreamPlanner planner, ReplayOptions options, CancellationToken cancellationToken)
    {
        var player = new CascadePlayer(world, features, options);
        ReplayStream[] streams = [.. Enumerable.Range(1, options.Seeds).Select(planner.Plan)];
        (string Policy, TradeOff TradeOff)[] settings = [.. options.Policies.SelectMany(policy => options.TradeOffs.Select(tradeOff => (policy, tradeOff)))];
        var outcomes = new CascadeOutcome[settings.Length * options.Seeds];
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, outcomes.Length, cores, (run, token) =>
        {
            var (setting, seed) = Math.DivRem(run, options.Seeds);
            outcomes[run] = player.Play(settings[setting].Policy, settings[setting].TradeOff, streams[seed], seed + 1, token);
            return ValueTask.CompletedTask;
        });
        CascadeReport[] reports =
        [
            .. outcomes.Chunk(options.Seeds).Select((seeds, i) => CascadeReport.Of(name, settings[i].Policy, options.Cascade!.Auc, settings[i].TradeOff, seeds)),
        ];
        await ReplayReportFile.WriteAsync(options.JsonFile, reports, cancellationToken);
        return CascadeReport.Table(reports);
    }
}
