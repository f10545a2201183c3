using System.Globalization;
using System.Text.Json;
using MetaLlm.Simulator.Scoring;
using MetaLlm.Simulator.Tasks;
using Spectre.Console;

namespace MetaLlm.Lab.Demo;

/// <summary>Runs the demo from start to report.</summary>
internal sealed class DemoHandler(LabEnvironment environment, TimeProvider time)
{
    private const int PlainWidth = 200;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(environment.Output),
            Interactive = environment.OutputIsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Ansi = environment.OutputIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        });
        if (!environment.OutputIsTerminal)
        {
            // A log or a pipe has no width: lines must not be broken where a terminal would end.
            console.Profile.Width = PlainWidth;
        }

        await using var stack = await DemoStack.StartAsync(options, cancellationToken);
        console.WriteLine($"Gateway on {stack.Gateway}, six simulated models behind it. Sending {options.Requests:N0} queries, {options.Concurrency} at a time.");
        var outcome = await PlayAsync(stack, options, console, cancellationToken);

        console.Write(DemoTable.Render(outcome));
        console.WriteLine(DemoPage.Headline(outcome) + ".");
        if (outcome.Second is { } second)
        {
            console.WriteLine(second.Headline(outcome) + ".");
        }

        var feedback = outcome.Feedback;
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Feedback: {feedback.Sent} posted, {feedback.Acknowledged} acknowledged, {feedback.Applied} applied, {feedback.Duplicates} recognised as repeated. {outcome.WallSeconds:0.0} s."));
        var worlds = options.Seeds > 1 ? await PlayOthersAsync(DemoFigures.Of(outcome), options, console, cancellationToken) : null;
        await WriteAsync(outcome, worlds, options, cancellationToken);
        console.WriteLine($"Report: {options.Report.FullName}");
        if (options.Serve)
        {
            await ServeAsync(stack, console, cancellationToken);
        }

        return ExitCodes.Success;
    }

    private async Task<DemoWorlds> PlayOthersAsync(DemoFigures first, DemoOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var worlds = new List<DemoWorlds.World> { DemoWorlds.World.Of(options.Seed, first) };
        for (var seed = options.Seed + 1; seed < options.Seed + options.Seeds; seed++)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}:"));
            var other = options with { Seed = seed };
            await using var stack = await DemoStack.StartAsync(other, cancellationToken);
            worlds.Add(DemoWorlds.World.Of(seed, DemoFigures.Of(await PlayAsync(stack, other, console, cancellationToken))));
        }

        var all = new DemoWorlds(options.UsdPerRequest, worlds);
        console.Write(all.Render());
        console.WriteLine(all.Headline() + ".");
        return all;
    }

    private async Task<DemoOutcome> PlayAsync(DemoStack stack, DemoOptions options, IAnsiConsole console, CancellationToken cancellationToken)
    {
        using var client = new DemoClient(stack.Gateway, stack.ApiKey, stack.Simulator.Models, options.Tagged);
        var traffic = new DemoTraffic(client, new FeedbackDelay((ulong)options.Seed), options.Concurrency);
        var tasks = stack.Simulator.Catalog.Draw(options.Requests, options.Seed);
        var models = stack.Simulator.Models.All;
        var start = time.GetTimestamp();
        var feedback = await new DemoScreen(console, time, options.Requests, [.. models.Select(m => m.Name)])
            .ShowAsync(() => traffic.RunAsync(tasks, cancellationToken), () => traffic.Answers);
        var elapsed = time.GetElapsedTime(start);
        return new DemoOutcome
        {
            Answers = [.. traffic.Answers],
            Feedback = feedback,
            Second = options.Acts > 1 ? await JudgeAsync(stack, options, tasks, console, cancellationToken) : null,
            References = ReferenceScores.Compute(stack.Simulator.Truth, models, tasks),
            Models = models,
            Truth = stack.Simulator.Truth,
            WallSeconds = elapsed.TotalSeconds,
        };
    }

    private async Task<JudgedAct> JudgeAsync(DemoStack stack, DemoOptions options, IReadOnlyList<SimTask> tasks, IAnsiConsole console, CancellationToken cancellationToken)
    {
        console.WriteLine("Once more, as another tenant: nobody says anything, and a judge with a purse of its own looks at the answers.");
        using var client = new DemoClient(stack.Gateway, stack.JudgedKey, stack.Simulator.Models, options.Tagged);

        // The first act is far faster than life, and a judge takes as long as a model: it would be hundreds of answers behind.
        var traffic = new DemoTraffic(client, desk: null, Math.Max(1, options.Concurrency / 4));
        await new DemoScreen(console, time, options.Requests, [.. stack.Simulator.Models.All.Select(m => m.Name)])
            .ShowAsync(() => traffic.RunAsync(tasks, cancellationToken), () => traffic.Answers);
        var (verdicts, spendUsd) = await client.JudgedAsync(cancellationToken);
        return new JudgedAct([.. traffic.Answers], verdicts, spendUsd, options.PurseUsd);
    }

    private static async Task WriteAsync(DemoOutcome outcome, DemoWorlds? worlds, DemoOptions options, CancellationToken cancellationToken)
    {
        options.Report.Directory?.Create();
        await File.WriteAllTextAsync(options.Report.FullName, DemoPage.Render(outcome, options.Tagged), cancellationToken);
        if (options.Json is { } file)
        {
            file.Directory?.Create();
            await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(DemoFigures.Of(outcome) with { Seeds = worlds }, Json), cancellationToken);
        }
    }

    private static async Task ServeAsync(DemoStack stack, IAnsiConsole console, CancellationToken cancellationToken)
    {
        console.WriteLine($"The gateway stays up on {stack.Gateway}v1 with the key {stack.ApiKey}. Ctrl+C ends it.");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stopped.SetResult);
        await stopped.Task;
    }
}
