using MetaLlm.Cli.Replay.Datasets;
using MetaLlm.Cli.Replay.Playing;
using MetaLlm.Cli.Replay.Reporting;
using MetaLlm.Cli.Replay.Streams;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using Spectre.Console;

namespace MetaLlm.Cli.Replay;

/// <summary>Runs <c>replay</c>: check everything, read, embed, play, write the file, print the table.</summary>
/// <param name="environment">What it works with.</param>
internal sealed class ReplayVerb(CliEnvironment environment)
{
    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops it; the report file is then left as it was.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="BadInputException">Options or files are not usable; nothing was written.</exception>
    public async Task<int> RunAsync(ReplayOptions options, CancellationToken cancellationToken)
    {
        CheckPolicies(options.Policies);
        ReplayReportFile.Check(options.JsonFile);
        var dataset = ReplayDatasetReader.Read(options.DataDirectory, options.Arms);
        var planner = new StreamPlanner(dataset, options);
        CheckConfigurations(dataset, options);

        // The oracle reads outcomes only: on its own it needs no features.
        var parts = options.Policies.Any(p => p != OracleChooser.Name) ? options.Features : ContextParts.None;
        var features = await FeatureTable.CreateAsync(dataset, parts, environment, cancellationToken);
        var runner = new ReplayRunner(dataset, features, planner, options);
        IReadOnlyList<ReplayReport> reports = [];
        await ProgressDisplay.RunAsync(environment, $"Replaying {dataset.Name}", runner.Runs, async report =>
            reports = await runner.RunAsync(report, cancellationToken));

        await ReplayReportFile.WriteAsync(options.JsonFile, reports, cancellationToken);
        Show(dataset, reports);
        return ExitCodes.Success;
    }

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
    private static void CheckConfigurations(ReplayDataset dataset, ReplayOptions options)
    {
        string[] problems =
        [
            .. from policy in options.Policies.Where(p => p != OracleChooser.Name)
               from tradeOff in options.TradeOffs
               from error in TenantConfigurationValidator.Validate(PolicyPlayer.Configure(dataset, options, policy, tradeOff, seed: 1))
               select $"{options.DataDirectory}: as a tenant's configuration, {error.Field} {error.Message}",
        ];
        if (problems.Length > 0)
        {
            throw new BadInputException([.. problems.Distinct()]);
        }
    }

    private void Show(ReplayDataset dataset, IReadOnlyList<ReplayReport> reports)
    {
        var title = $"{dataset.Name}: {reports[0].Queries} scored requests, {dataset.Arms.Count} arms, {reports[0].Seeds} seeds";
        var table = ReplayTable.Of(reports);
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
