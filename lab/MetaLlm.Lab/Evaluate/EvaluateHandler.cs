using System.Diagnostics;
using MetaLlm.Lab.Evaluate.Data;
using MetaLlm.Lab.Evaluate.Reporting;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Reports;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Evaluate;

/// <summary>Runs <c>evaluate</c>: data set after data set, then the page and the report.</summary>
/// <param name="environment">What it works with.</param>
internal sealed class EvaluateHandler(LabEnvironment environment)
{
    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops it; files are then left as they were.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="BadInputException">The data are not usable; nothing was written.</exception>
    public async Task<int> RunAsync(EvaluateOptions options, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        IReadOnlyList<ReplayDataset> recorded = options.DataDirectory is { } directory ? DatasetFolder.Read(directory) : [];
        var sets = new List<DatasetEvaluation>();
        if (options.Suite.WithSimulator)
        {
            sets.Add(await EvaluateAsync(SimulatedDataset.Create(), SimulatedDataset.CreateSwapped(), options.Suite, cancellationToken));
        }

        foreach (var dataset in recorded)
        {
            sets.Add(await EvaluateAsync(dataset, null, options.Suite, cancellationToken));
        }

        var report = new EvaluationReport
        {
            Suite = options.Suite.Name,
            Seeds = options.Suite.Seeds,
            Sets = sets,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(begin).TotalSeconds, 1),
        };
        await ReplayReportFile.WriteAsync(options.JsonFile, report, cancellationToken);
        await OutputFile.WriteAsync(options.HtmlFile, EvaluationPage.Of(report).Render(), cancellationToken);
        EvaluationSummary.Print(environment.Output, report);
        return ExitCodes.Success;
    }

    private async Task<DatasetEvaluation> EvaluateAsync(
        ReplayDataset dataset, ReplayDataset? swapped, EvaluationSuite suite, CancellationToken cancellationToken)
    {
        var features = await FeatureTable.CreateAsync(dataset, ContextParts.All, environment, cancellationToken);
        var evaluator = new DatasetEvaluator(dataset, swapped, features, suite);
        DatasetEvaluation? result = null;
        await ProgressDisplay.RunAsync(environment, $"Evaluating {dataset.Name}", evaluator.Steps, async finished =>
            result = await evaluator.RunAsync(finished, cancellationToken));
        return result!;
    }
}
