using System.Globalization;
using Spectre.Console;

namespace MetaLlm.Lab.Demo;

/// <summary>Shows progress: a live panel on a terminal, a plain line now and then elsewhere.</summary>
internal sealed class DemoScreen(IAnsiConsole console, TimeProvider time, int requests, IReadOnlyList<string> models)
{
    private const int Window = 200;
    private static readonly Color[] Palette = [Color.Teal, Color.Orange3, Color.SlateBlue1, Color.HotPink3, Color.DodgerBlue2, Color.Green3, Color.Orchid, Color.Grey];

    /// <summary>Runs the work and shows how it goes.</summary>
    public async Task<T> ShowAsync<T>(Func<Task<T>> work, Func<IReadOnlyCollection<DemoAnswer>> answers)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await PlainAsync(work(), answers);
        }

        return await console.Live(Panel(answers())).StartAsync(async live =>
        {
            var running = work();
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(250), time));
                live.UpdateTarget(Panel(answers()));
            }

            return await running;
        });
    }

    private async Task<T> PlainAsync<T>(Task<T> running, Func<IReadOnlyCollection<DemoAnswer>> answers)
    {
        var shown = 0;
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(250), time));
            if (answers().Count - shown >= Math.Max(1, requests / 8))
            {
                shown = answers().Count;
                console.WriteLine(Line(answers()));
            }
        }

        return await running;
    }

    private static string Line(IReadOnlyCollection<DemoAnswer> answers)
    {
        var recent = answers.Skip(Math.Max(0, answers.Count - Window)).ToList();
        var shares = recent.GroupBy(a => a.Model).OrderByDescending(g => g.Count()).Take(3)
            .Select(g => $"{g.Key} {100.0 * g.Count() / recent.Count:0} %");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{answers.Count,6} requests  accuracy of the last {recent.Count}: {DemoTable.Percent(recent.Average(a => a.Correct ? 1.0 : 0.0))}  USD per request: {recent.Average(a => a.CostUsd):0.000000}  {string.Join(", ", shares)}");
    }

    private Rows Panel(IReadOnlyCollection<DemoAnswer> answers)
    {
        var recent = answers.Skip(Math.Max(0, answers.Count - Window)).ToList();
        var shares = new BreakdownChart().Width(64).ShowPercentage();
        for (var i = 0; i < models.Count; i++)
        {
            var share = recent.Count == 0 ? 0 : 100.0 * recent.Count(a => a.Model == models[i]) / recent.Count;
            shares.AddItem(models[i], Math.Round(share), Palette[i % Palette.Length]);
        }

        var accuracy = recent.Count == 0 ? "-" : DemoTable.Percent(recent.Average(a => a.Correct ? 1.0 : 0.0));
        var cost = recent.Count == 0 ? "-" : recent.Average(a => a.CostUsd).ToString("0.000000", CultureInfo.InvariantCulture);
        return new Rows(
            new Markup($"[bold]{answers.Count:N0}[/] of {requests:N0} requests   last {Window}: accuracy [bold green]{accuracy}[/]   USD per request [bold]{cost}[/]"),
            new Text(""),
            shares);
    }
}
