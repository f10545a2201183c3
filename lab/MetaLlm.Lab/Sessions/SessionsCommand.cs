using System.CommandLine;
using System.Globalization;

namespace MetaLlm.Lab.Sessions;

/// <summary>The verb <c>sessions</c>: simulated sessions of agents under three strategies of routing.</summary>
internal static class SessionsCommand
{
    private const double LargestWeight = 1e6;

    private static readonly double[] StandardWeights = [0.3, 1, 3, 6, 11];

    /// <summary>Creates the command.</summary>
    /// <param name="environment">What the command works with.</param>
    public static Command Create(LabEnvironment environment)
    {
        var world = new Option<string?>("--world") { Description = $"Worlds: {string.Join(", ", SessionWorld.Names)}. Default both." };
        var data = new Option<string?>("--data") { Description = "Directory of a data set whose recorded outcomes make the world, instead of --world." };
        var part = new Option<string?>("--part") { Description = "Which questions of it: train, to tune on, or val. Default val." };
        var sessions = new Option<string?>("--sessions") { Description = "Sessions of each seed, 20 to 100000. Default 2000." };
        var seeds = new Option<string?>("--seeds") { Description = "Seeds, 1 to 100. Default 5." };
        var floors = new Option<string[]>("--quality-floor") { Description = "Mean success to keep at the least cost; repeatable.", DefaultValueFactory = _ => [] };
        var budgets = new Option<string[]>("--budget") { Description = "Mean USD per turn to keep; repeatable.", DefaultValueFactory = _ => [] };
        var weights = new Option<string[]>("--price-weight") { Description = "Fixed shadow price, quality per USD; repeatable. Without any goal 0.3, 1, 3, 6 and 11.", DefaultValueFactory = _ => [] };
        var json = new Option<string?>("--json") { Description = "Write the figures to this file." };
        var command = new Command("sessions", "Plays simulated sessions of agents: each turn decided, the first choice kept, conversations with their caches, and what could be known.")
        {
            world, data, part, sessions, seeds, floors, budgets, weights, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var values = new OptionValues();
            var worlds = parsed.GetValue(world) is { } names ? values.Names("--world", names) : SessionWorld.Names;
            List<SessionGoal> goals =
            [
                .. Numbers(values, "--quality-floor", parsed.GetValue(floors), 1).Select(floor => new SessionGoal(QualityFloor: floor)),
                .. Numbers(values, "--budget", parsed.GetValue(budgets), LargestWeight).Select(usd => new SessionGoal(UsdPerTurn: usd)),
                .. Numbers(values, "--price-weight", parsed.GetValue(weights), LargestWeight).Select(weight => new SessionGoal(PriceWeight: weight)),
            ];
            var options = new SessionsOptions
            {
                Worlds = [.. worlds.Select(name => values.Choice("--world", name, [.. SessionWorld.Names]))],
                DataDirectory = parsed.GetValue(data),
                Part = values.Choice("--part", parsed.GetValue(part) ?? "val", [.. RecordedWorld.Parts]),
                Sessions = values.Integer("--sessions", parsed.GetValue(sessions), 2000, 20, 100_000),
                Seeds = values.Integer("--seeds", parsed.GetValue(seeds), 5, 1, 100),
                Goals = goals.Count > 0 ? goals : [.. StandardWeights.Select(weight => new SessionGoal(PriceWeight: weight))],
                JsonFile = parsed.GetValue(json),
            };
            if (parsed.GetValue(data) is not null && parsed.GetValue(world) is not null)
            {
                values.Problem("--data and --world exclude each other.");
            }

            values.ThrowIfAnyProblem();
            return new SessionsHandler(environment).RunAsync(options, cancellationToken);
        });
        return command;
    }

    private static IEnumerable<double> Numbers(OptionValues values, string option, string[]? texts, double most) => (texts ?? []).Select(text =>
        values.Number(option, text, string.Create(CultureInfo.InvariantCulture, $"a number above 0 and at most {most}"), n => n > 0 && n <= most));
}
