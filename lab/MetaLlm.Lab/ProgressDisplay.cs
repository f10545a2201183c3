using Spectre.Console;

namespace MetaLlm.Lab;

/// <summary>Shows a progress bar on a terminal and nothing anywhere else.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs some work whose progress is counted.</summary>
    /// <param name="environment">Where to show it.</param>
    /// <param name="title">What is being done.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="work">The work; it calls its argument with the number of steps just finished, from any thread.</param>
    public static async Task RunAsync(LabEnvironment environment, string title, int steps, Func<Action<int>, Task> work)
    {
        if (!environment.ErrorIsTerminal)
        {
            await work(static _ => { });
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(environment.Error) });
        await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, steps));
            await work(finished => task.Increment(finished));
        });
    }
}
