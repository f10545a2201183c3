using MetaLlm.Core.Tenancy;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Replay.Streams;

namespace MetaLlm.Lab.Replay.Guarantees;

/// <summary>Runs <c>replay --guarantee</c>.</summary>
internal static class GuaranteeHandler
{
    /// <summary>Plays every seed, writes the report and returns the table.</summary>
    /// <param name="dataset">The recorded outcomes.</param>
    /// <param name="options">What to do; the guarantee is given.</param>
    /// <param name="cancellationToken">Stops it; the report file is then left as it was.</param>
    public static async Task<(string Title, TextTable Table)> RunAsync(ReplayDataset dataset, ReplayOptions options, CancellationToken cancellationToken)
    {
        var asked = options.Guarantee!;
        var player = new GuaranteePlayer(dataset, asked, options.Features.HasFlag(ContextParts.Task));
        var planner = new StreamPlanner(dataset, options);
        var outcomes = new GuaranteeOutcome[options.Seeds];
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, options.Seeds, cores, (seed, token) =>
        {
            outcomes[seed] = player.Play(planner.Plan(seed + 1), seed + 1, token);
            return ValueTask.CompletedTask;
        });
        var report = GuaranteeReport.Of(dataset.Name, asked.Settings, planner.Plan(1).Requests.Length, player, outcomes);
        await ReplayReportFile.WriteAsync(options.JsonFile, report, cancellationToken);
        return ($"{report.Data}: {report.Queries} requests, {report.Candidates.Count} candidates, {report.Seeds} seeds", report.Table());
    }
}
