using System.CommandLine;
using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Evaluate;

/// <summary>The verb <c>evaluate</c>: runs the whole battery and writes one page and one report.</summary>
internal static class EvaluateCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="environment">What the command works with.</param>
    public static Command Create(LabEnvironment environment)
    {
        var suite = new Option<string>("--suite") { HelpName = "quick|full", Description = "How much to run.", Required = true };
        var data = new Option<string>("--data") { HelpName = "DIR", Description = "A data set, or a directory of data sets [default: only data that the simulator makes]." };
        var json = new Option<string>("--json") { HelpName = "FILE", Description = "File that receives the report.", Required = true };
        var html = new Option<string>("--html") { HelpName = "FILE", Description = "File that receives the page with plots.", Required = true };
        var seeds = new Option<string>("--seeds") { HelpName = "N", Description = "Seeds of every point [default: 3 quick, 20 full]." };
        var limit = new Option<string>("--limit") { HelpName = "N", Description = "Most requests to score [default: 900 quick, no limit full]." };
        var policies = new Option<string>("--policy") { HelpName = "NAME[,NAME...]|none", Description = "Policies beside metallm [default: the suite's]." };
        var parts = new Option<string>("--part") { HelpName = $"{string.Join('|', EvaluationPart.All)}[,...]|none", Description = "What to run beside the points [default: what the suite runs]." };
        var budgets = new Option<string[]>("--budget") { HelpName = "USD", Description = "Mean spend per request to keep; repeatable [default: log-spaced between the cheapest and the best model]." };
        var onlyData = new Option<bool>("--only-data") { Description = "Leave out the data that the simulator makes." };
        var command = new Command("evaluate", "Evaluates policies on recorded and simulated outcomes: budgets, cold and warm starts, scenarios, controls, calibration, off-policy coverage.")
        {
            suite, data, onlyData, policies, parts, budgets, seeds, limit, json, html,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var values = new OptionValues();
            var name = values.Choice("--suite", parsed.GetValue(suite)!, [.. EvaluationSuite.All.Select(s => s.Name)]);
            var chosen = EvaluationSuite.All.FirstOrDefault(s => s.Name == name) ?? EvaluationSuite.All[0];
            if (parsed.GetValue(onlyData) && parsed.GetValue(data) is null)
            {
                values.Problem("--only-data: it needs --data; there would be nothing to evaluate.");
            }

            chosen = chosen with
            {
                WithSimulator = !parsed.GetValue(onlyData),
                Policies = Some(values, "--policy", parsed.GetValue(policies), chosen.Policies, EvaluationSuite.Companions),
                Parts = Some(values, "--part", parsed.GetValue(parts), EvaluationPart.All, EvaluationPart.All),
                FixedBudgets = [.. (parsed.GetValue(budgets) ?? []).Select(b => values.Number("--budget", b, "a finite number of USD above 0", n => n > 0)).Order()],
                Seeds = values.Integer("--seeds", parsed.GetValue(seeds), chosen.Seeds, least: 1, most: 10_000),
                Limit = parsed.GetValue(limit) is { } text ? values.Integer("--limit", text, 0, least: 90, most: int.MaxValue) : chosen.Limit,
            };
            values.ThrowIfAnyProblem();
            var options = new EvaluateOptions(chosen, parsed.GetValue(data), parsed.GetValue(json)!, parsed.GetValue(html)!);
            OutputFile.Check("--json", options.JsonFile);
            OutputFile.Check("--html", options.HtmlFile);
            return new EvaluateHandler(environment).RunAsync(options, cancellationToken);
        });
        return command;
    }

    private static IReadOnlyList<string> Some(OptionValues values, string option, string? text, IReadOnlyList<string> absent, IReadOnlyList<string> legal)
    {
        if (text is null or "none")
        {
            return text is null ? absent : [];
        }

        var names = values.Names(option, text);
        foreach (var unknown in names.Where(n => n.Length > 0).Except(legal))
        {
            values.Problem($"{option}: {unknown} is not usable; it must be one of {string.Join(", ", legal)}, or none alone.");
        }

        return names;
    }
}
