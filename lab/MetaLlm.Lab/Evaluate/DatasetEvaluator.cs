using MetaLlm.Lab.Evaluate.Data;
using MetaLlm.Lab.Evaluate.Parts;
using MetaLlm.Lab.Evaluate.Reporting;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Evaluate;

/// <summary>Runs the battery on one data set.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="swapped">The same queries in two phases; null to take the data set itself where its parts are phases.</param>
/// <param name="features">What is known of the queries, the tag included; good for <paramref name="swapped"/> too.</param>
/// <param name="suite">How much to run.</param>
internal sealed class DatasetEvaluator(ReplayDataset dataset, ReplayDataset? swapped, FeatureTable features, EvaluationSuite suite)
{
    private readonly BatteryRunner _runner = new(dataset, features, suite);

    // The simulator's data get everything in every suite, so that nothing of the battery goes untested.
    private bool Runs(string part) => (suite.Thorough || swapped is not null) && suite.Parts.Contains(part);

    /// <summary>Number of steps that <see cref="RunAsync"/> reports.</summary>
    public int Steps => 4
        + (Runs(EvaluationPart.Scenarios) ? Scenarios.Names.Count : 0)
        + (Runs(EvaluationPart.Stresses) ? Stress.All.Count : 0)
        + (Runs(EvaluationPart.Controls) ? DatasetControls.Names.Count : 0)
        + (Runs(EvaluationPart.Coverage) ? 1 : 0)
        + (Runs(EvaluationPart.Learnable) ? 1 : 0);

    /// <summary>Runs everything.</summary>
    /// <param name="finished">Called with 1 after each step.</param>
    /// <param name="cancellationToken">Cancels between requests.</param>
    public async Task<DatasetEvaluation> RunAsync(Action<int> finished, CancellationToken cancellationToken)
    {
        string[] all = [EvaluationSuite.Flagship, .. suite.Policies];
        string[] own = [EvaluationSuite.Flagship];
        var limits = suite.FixedBudgets.Count > 0 ? suite.FixedBudgets : Budgets.Of(dataset, suite.Budgets);
        TradeOff[] budgets = [.. limits.Select(b => new TradeOff(b, 0))];
        TradeOff[] tradeOffs = [.. budgets, new TradeOff(null, 0)];
        var warm = await Step(_runner.RunAsync(all, tradeOffs, Start.Warm, o => o, cancellationToken));
        var warmNoTask = await Step(_runner.RunAsync(own, tradeOffs, Start.Warm, BatteryRunner.WithoutTask, cancellationToken));
        var cold = await Step(_runner.RunAsync(own, tradeOffs, Start.Cold, o => o, cancellationToken));
        var coldNoTask = await Step(_runner.RunAsync(own, tradeOffs, Start.Cold, BatteryRunner.WithoutTask, cancellationToken));
        var scenarios = new List<ReplayResult>();
        var stresses = new List<StressResult>();
        var controls = new List<ControlResult>();
        var coverage = new List<CoverageResult>();
        var learnable = new List<LearnablePoint>();
        var middle = budgets[budgets.Length / 2];
        if (Runs(EvaluationPart.Scenarios))
        {
            foreach (var scenario in Scenarios.Names)
            {
                scenarios.AddRange(await Step(ScenarioAsync(scenario, middle, cancellationToken)));
            }
        }

        if (Runs(EvaluationPart.Stresses))
        {
            // A cold start has nothing but feedback to go by: there, what happens to it shows.
            var fed = cold.First(r => r.Report.Budget == middle.Budget);
            foreach (var stress in Stress.All)
            {
                var result = await Step(_runner.RunAsync(own, [middle], Start.Cold, stress.Apply, cancellationToken));
                stresses.Add(StressResult.Of(stress, result[0], fed));
            }
        }

        if (Runs(EvaluationPart.Controls))
        {
            var reference = warm.First(r => r.Report.Policy == EvaluationSuite.Flagship && r.Report.Budget == middle.Budget);
            foreach (var control in DatasetControls.Names)
            {
                var result = await Step(_runner.RunAsync(own, [middle], Start.Warm, o => o with { Control = control }, cancellationToken));
                controls.Add(ControlResult.Of(control, result[0], reference));
            }
        }

        if (Runs(EvaluationPart.Coverage))
        {
            coverage.AddRange(await Step(Task.Run(() => OpeCoverage.Measure(dataset, features, suite.CoverageRuns, cancellationToken), cancellationToken)));
        }

        if (Runs(EvaluationPart.Learnable))
        {
            int[] scored = [.. Enumerable.Range(0, dataset.Rows.Count).Where(i => !DatasetFolder.HasSplits(dataset) || dataset.Rows[i].Split == "test")];
            learnable.AddRange(await Step(Task.Run(() => LearnableReward.Estimate(dataset, features, scored, limits, cancellationToken), cancellationToken)));
        }

        return new DatasetEvaluation
        {
            Name = dataset.Name,
            Rows = dataset.Rows.Count,
            Arms = [.. dataset.Arms.Select(a => a.Id)],
            Points =
            [
                .. Points(warm, "warm", "all"), .. Points(warmNoTask, "warm", "no-task"),
                .. Points(cold, "cold", "all"), .. Points(coldNoTask, "cold", "no-task"),
            ],
            Regret = [.. Curves(warm, "warm", "all"), .. Curves(warmNoTask, "warm", "no-task"), .. Curves(cold, "cold", "all"), .. Curves(coldNoTask, "cold", "no-task")],
            Calibration = Calibration.Of(warm.First(r => r.Report.Policy == EvaluationSuite.Flagship && r.Report.Budget == budgets[budgets.Length / 2].Budget)),
            Scenarios = [.. scenarios.Select(s => s.Report)],
            Stresses = stresses,
            Controls = controls,
            Coverage = coverage,
            Learnable = learnable,
        };

        async Task<T> Step<T>(Task<T> work)
        {
            var result = await work;
            finished(1);
            return result;
        }
    }

    private async Task<IReadOnlyList<ReplayResult>> ScenarioAsync(string scenario, TradeOff middle, CancellationToken cancellationToken)
    {
        if (scenario != Scenarios.PhaseSwap)
        {
            return await _runner.RunAsync([EvaluationSuite.Flagship], [middle], Start.Warm, o => o with { Scenario = scenario }, cancellationToken);
        }

        var phased = swapped ?? (DatasetFolder.HasPhases(dataset) ? dataset : null);
        return phased is null
            ? []
            : await new BatteryRunner(phased, features, suite).RunAsync(
                [EvaluationSuite.Flagship], [middle, new TradeOff(null, 0)], Start.Warm, o => o with { Scenario = scenario }, cancellationToken);
    }

    private static IEnumerable<EvaluationPoint> Points(IReadOnlyList<ReplayResult> results, string start, string features) =>
        results.Select(r => EvaluationPoint.Of(r.Report, start, features));

    private static IEnumerable<RegretCurve> Curves(IReadOnlyList<ReplayResult> results, string start, string features) =>
        results.Where(r => r.Report.Budget is null && r.Report.Policy != OracleChooser.Name)
            .Select(r => RegretCurve.Of(r, start, features));
}
