using System.Globalization;
using System.Text.Json;
using MetaLlm.Lab.Reports;
using Spectre.Console;

namespace MetaLlm.Lab.Sessions;

/// <summary>Runs the benchmark of sessions and shows its figures.</summary>
internal sealed class SessionsHandler(LabEnvironment environment)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Runs it.</summary>
    public async Task<int> RunAsync(SessionsOptions options, CancellationToken cancellationToken)
    {
        OutputFile.Check("--json", options.JsonFile);
        var figures = new List<SessionFigures>();
        if (options.DataDirectory is { } directory)
        {
            var embedder = await environment.OpenEmbedder(cancellationToken);
            try
            {
                figures.AddRange(await PlayAsync(await RecordedWorld.ReadAsync(directory, options.Part, embedder, cancellationToken), options, cancellationToken));
            }
            finally
            {
                (embedder as IDisposable)?.Dispose();
            }
        }
        else
        {
            foreach (var world in options.Worlds)
            {
                figures.AddRange(await PlayAsync(SessionWorld.Of(world), options, cancellationToken));
            }
        }

        if (options.JsonFile is { } file)
        {
            await OutputFile.WriteAsync(file, stream => JsonSerializer.SerializeAsync(stream, figures, Indented, cancellationToken));
        }

        Show(options, figures);
        return ExitCodes.Success;
    }

    private static async Task<IEnumerable<SessionFigures>> PlayAsync(SessionWorld world, SessionsOptions options, CancellationToken cancellationToken)
    {
        var outcomes = (from goal in options.Goals from strategy in options.Strategies select (goal, strategy)).ToDictionary(played => played, _ => new List<SessionOutcome>());
        for (var seed = 1; seed <= options.Seeds; seed++)
        {
            var sessions = await SessionScript.DrawAsync(world, options.Sessions, seed, cancellationToken);
            foreach (var ((goal, strategy), played) in outcomes)
            {
                played.Add(new SessionPlayer(world, goal, seed).Play(sessions, strategy, cancellationToken));
            }
        }

        SessionFigures[] figures = [.. outcomes.Select(one => SessionFigures.Of(world.Name, one.Key.goal, one.Value, outcomes[(one.Key.goal, SessionStrategy.PerTurn)]))];
        return figures.Select(f => f.Against(figures));
    }

    private void Show(SessionsOptions options, List<SessionFigures> figures)
    {
        environment.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{options.Sessions} sessions of each of {options.Seeds} seeds; intervals of 95 % by resampling sessions"));
        var table = new TextTable("world", "goal", "strategy", "USD a session", "saved", "answered well", "gained", "saved at equal success", "than billed", "switches a session", "unsafe", "cached", "served by model");
        foreach (var f in figures)
        {
            table.Add(
                f.World,
                f.Goal,
                f.Strategy,
                With(f.UsdPerSession, f.UsdInterval, "0.00000"),
                With(f.Saved, f.SavedInterval, "0.0 %"),
                With(f.Success, f.SuccessInterval, "0.0000"),
                With(f.Gained, f.GainedInterval, "+0.0000;-0.0000"),
                With(f.EqualSuccess),
                With(f.EqualSuccessBilled),
                f.SwitchesPerSession.ToString("0.00", CultureInfo.InvariantCulture),
                f.UnsafeSwitches.ToString(CultureInfo.InvariantCulture),
                f.CachedShare.ToString("0.0 %", CultureInfo.InvariantCulture),
                string.Join(' ', f.Served.Select(share => share.ToString("0.00", CultureInfo.InvariantCulture))));
        }

        if (environment.OutputIsTerminal)
        {
            table.Draw(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Output) }));
        }
        else
        {
            table.Print(environment.Output);
        }
    }

    private static string With(SavedShare? saved) => saved is null ? "-" : With(saved.Mean, [saved.Least, saved.Most], "0.0 %");

    private static string With(double value, double[] interval, string format)
    {
        string Text(double number) => number.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(value)} ({Text(interval[0])} to {Text(interval[1])})";
    }
}
