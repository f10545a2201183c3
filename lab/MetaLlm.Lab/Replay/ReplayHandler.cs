using MetaLlm.Lab.Replay.Batches;
using MetaLlm.Lab.Replay.Cards;
using MetaLlm.Lab.Replay.Cascades;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Guarantees;
using MetaLlm.Lab.Replay.Made;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Reporting;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Lab.Reports;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using Spectre.Console;

namespace MetaLlm.Lab.Replay;

/// <summary>Runs <c>replay</c>: check everything, read, embed, play, write the file, print the table.</summary>
/// <param name="environment">What it works with.</param>
internal sealed class ReplayHandler(LabEnvironment environment)
{
    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops it; the report file is then left as it was.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="BadInputException">Options or files are not usable; nothing was written.</exception>
    public async Task<int> RunAsync(ReplayOptions options, CancellationToken cancellationToken)
    {
        CheckPolicies(options.Policies);
        OutputFile.Check("--json", options.JsonFile);
        OutputFile.Check("--html", options.HtmlFile);
        var dataset = DatasetControls.Apply(MadeDatasets.Open(options.DataDirectory, options.Arms, options.Judges), options.Control);
        if (options.Guarantee is not null)
        {
            var (title, table) = await GuaranteeHandler.RunAsync(dataset, options, cancellationToken);
            Show(title, table);
            return ExitCodes.Success;
        }

        var world = Scenarios.Build(dataset, options.Scenario, options.ScenarioArm);
        var cards = PlayedCards.Of(dataset, options);
        options = cards is { Rows: > 0 and var rows } ? options with { Train = new TrainSelection(null, null, rows) } : options;
        ReplayOptions[] runs = [options, .. options.ShadowBeside.Select(rows => Beside(options, rows))];
        StreamPlanner[] planners = [.. runs.Select(run => new StreamPlanner(dataset, run))];
        CheckConfigurations(world, options, cards);

        // The oracle reads outcomes only: on its own it needs no features.
        var parts = options.Policies.Any(p => p != OracleChooser.Name) ? options.Features : ContextParts.None;
        var features = await FeatureTable.CreateAsync(dataset, parts, environment, cancellationToken);
        if (options.Cascade is not null)
        {
            Show($"{dataset.Name}: {planners[0].Plan(1).Scored.Length} scored requests, {world.Arms.Count} arms, {options.Seeds} seeds",
                await CascadeHandler.RunAsync(dataset.Name, world, features, planners[0], options, cancellationToken));
            return ExitCodes.Success;
        }

        if (options.Batch)
        {
            return await RunBatchesAsync(new BatchRunner(dataset, world, features, planners[0], options), dataset.Name, options, cancellationToken);
        }

        ReplayRunner[] runners = [.. runs.Zip(planners, (run, planner) => new ReplayRunner(dataset, world, features, planner, run, cards))];
        var results = new List<ReplayResult>();
        await ProgressDisplay.RunAsync(environment, $"Replaying {dataset.Name}", runners.Sum(runner => runner.Runs), async report =>
        {
            foreach (var runner in runners)
            {
                results.AddRange(await runner.RunAsync(report, cancellationToken));
            }
        });

        ReplayReport[] reports = [.. results.Select(r => r.Report)];
        await ReplayReportFile.WriteAsync(options.JsonFile, reports, cancellationToken);
        if (options.HtmlFile is { } html)
        {
            await OutputFile.WriteAsync(html, ReplayPage.Of(world, results).Render(), cancellationToken);
        }

        Show(world, reports);
        return ExitCodes.Success;
    }

    private async Task<int> RunBatchesAsync(BatchRunner runner, string data, ReplayOptions options, CancellationToken cancellationToken)
    {
        IReadOnlyList<BatchReport> reports = [];
        await ProgressDisplay.RunAsync(environment, $"Assigning {data}", runner.Runs, async report =>
            reports = await runner.RunAsync(report, cancellationToken));
        await ReplayReportFile.WriteAsync(options.JsonFile, reports, cancellationToken);
        Show($"{data} as batches, {options.Seeds} seeds", BatchTable.Of(reports));
        return ExitCodes.Success;
    }

    // The oracle needs no rows.
    private static ReplayOptions Beside(ReplayOptions options, int rows) => options with
    {
        Policies = [.. options.Policies.Where(p => p != OracleChooser.Name)],
        Train = rows == 0 ? null : new TrainSelection(null, null, rows),
        ShadowUsd = 0,
        ShadowBeside = [],
    };

    private static void CheckPolicies(IReadOnlyList<string> names)
    {
        var known = PolicyRegistry.All.Select(p => p.Name).Append(OracleChooser.Name).ToArray();
        var unknown = names.Except(known).ToArray();
        if (unknown.Length > 0)
        {
            throw new BadInputException([.. unknown.Select(n => $"--policy: there is no policy {n}; the policies are {string.Join(", ", known)}.")]);
        }
    }

    // What the product would refuse, such as more arms than a tenant may have, is refused before the first run.
    private static void CheckConfigurations(ReplayWorld world, ReplayOptions options, PlayedCards? cards)
    {
        string[] problems =
        [
            .. from policy in options.Policies.Where(p => p != OracleChooser.Name)
               from tradeOff in options.TradeOffs
               from phase in world.Phases
               from error in TenantConfigurationValidator.Validate(PolicyPlayer.Configure(cards?.Given(phase.Arms) ?? phase.Arms, options, policy, tradeOff, seed: 1))
               select $"{options.DataDirectory}: as a tenant's configuration, {error.Field} {error.Message}",
        ];
        if (problems.Length > 0)
        {
            throw new BadInputException([.. problems.Distinct()]);
        }
    }

    private void Show(ReplayWorld world, ReplayReport[] reports)
    {
        Show($"{reports[0].Data}: {reports[0].Queries} scored requests, {world.Arms.Count} arms, {reports[0].Seeds} seeds", ReplayTable.Of(reports));
        if (world.Scenario is { } scenario)
        {
            Show(world.Subject is { } arm ? $"{scenario} of {world.Arms[arm].Id}" : scenario, ScenarioTable.Of(reports));
        }
    }

    private void Show(string title, TextTable table)
    {
        if (environment.OutputIsTerminal)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Output) });
            console.WriteLine(title);
            table.Draw(console);
        }
        else
        {
            environment.Output.WriteLine(title);
            table.Print(environment.Output);
        }
    }
}
