using System.Globalization;
using MetaLlm.Lab.Reports;
using MetaLlm.Simulator.Models;

namespace MetaLlm.Lab.Demo;

/// <summary>The HTML report.</summary>
internal static class DemoPage
{
    private const int Window = 200;
    private const int Step = 20;

    public static string Render(DemoOutcome outcome, bool tagged)
    {
        var best = outcome.Models.Single(m => m.Name == outcome.References.BestSingle.Name);
        var bestCorrect = outcome.Answers.Select(a => outcome.Truth.WouldAnswerCorrectly(best, a.Task) ? 1.0 : 0.0).ToArray();
        var bestCost = outcome.Answers.Select(a => (double)outcome.Truth.CostOf(best, a.Task)).ToArray();
        var x = Enumerable.Range(0, outcome.Answers.Count).Where(i => i + 1 >= Window / 2 && (i + 1) % Step == 0).ToArray();
        return ReportPage.Render("demo.html", new
        {
            Headline = Headline(outcome),
            Lead = $"{outcome.Answers.Count:N0} queries of ten kinds went through the gateway to six simulated models. MetaLlm started knowing nothing about them "
                + "and learned from delayed, partly missing, partly repeated feedback which model to send each query to.",
            Cards = Cards(outcome),
            Window,
            Tagged = tagged,
            Rows = DemoTable.Rows(outcome),
            Hull = Hull(outcome),
            Rolling = new
            {
                X = x.Select(i => i + 1),
                Policy = Rolling(x, [.. outcome.Answers.Select(a => a.Correct ? 1.0 : 0.0)]),
                BestSingle = Rolling(x, bestCorrect),
                StaticMix = x.Select(_ => outcome.MixAtRealisedCost),
                Judged = outcome.Second is { } judged ? Rolling(x, [.. judged.Answers.Select(a => a.Correct ? 1.0 : 0.0)]) : null,
            },
            Spend = new
            {
                X = x.Select(i => i + 1),
                Policy = Rolling(x, [.. outcome.Answers.Select(a => a.CostUsd)]),
                BestSingle = Rolling(x, bestCost),
            },
            Shares = new
            {
                X = x.Select(i => i + 1),
                Models = outcome.Models.Select(m => m.Name),
                Values = outcome.Models.Select(m => Rolling(x, [.. outcome.Answers.Select(a => a.Model == m.Name ? 1.0 : 0.0)])),
            },
            Tasks = Tasks(outcome, best),
            Second = outcome.Second is { } second ? second.Headline(outcome) + ". The judge sees question and answer; its verdicts are the only rewards, and what it costs is counted apart." : "",
            Foot = $"Feedback: {outcome.Feedback.Sent:N0} posted, {outcome.Feedback.Acknowledged:N0} acknowledged, {outcome.Feedback.Applied:N0} applied, "
                + $"{outcome.Feedback.Duplicates:N0} recognised as repeated. {outcome.WallSeconds.ToString("0", CultureInfo.InvariantCulture)} seconds. "
                + "Single models, mixes and the hindsight rows are computed from the simulator's own rules on the same queries. Plots: uPlot (MIT).",
        });
    }

    public static string Headline(DemoOutcome outcome)
    {
        var best = outcome.References.BestSingle;
        var accuracy = (outcome.Accuracy - best.Accuracy) * 100;
        var cheaper = 1 - (outcome.CostPerRequest / (double)best.MeanCostUsd);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DemoTable.Percent(outcome.Accuracy)} right at {Math.Abs(cheaper) * 100:0} % {(cheaper >= 0 ? "less" : "more")} cost than {best.Name}, the best single model ({accuracy:+0.0;-0.0} points)");
    }

    private static List<string[]> Cards(DemoOutcome outcome)
    {
        var gain = (outcome.Accuracy - outcome.MixAtRealisedCost) * 100;
        return
        [
            [DemoTable.Percent(outcome.Accuracy), "right answers, learning included"],
            ["$" + outcome.CostPerRequest.ToString("0.000000", CultureInfo.InvariantCulture), "mean cost of a request"],
            [gain.ToString("+0.0;-0.0", CultureInfo.InvariantCulture) + " points", "over the best random mix at equal cost"],
            [outcome.Feedback.Applied.ToString("N0", CultureInfo.InvariantCulture), "rewards applied, each exactly once"],
        ];
    }

    private static IEnumerable<double[]> Hull(DemoOutcome outcome)
    {
        var costs = outcome.References.Singles.Select(s => s.MeanCostUsd).Order().ToArray();
        return costs.Select(c => new[] { (double)c, outcome.References.MixAccuracyAt(c) });
    }

    private static IEnumerable<object> Tasks(DemoOutcome outcome, SimulatedModel best) =>
        outcome.Answers.GroupBy(a => a.Task.Type).OrderBy(g => g.Key.ToString(), StringComparer.Ordinal).Select(group =>
        {
            // What it does once it has learned: the second half of the run.
            var late = group.Where(a => a.Number > outcome.Answers.Count / 2).ToList();
            var favourite = late.GroupBy(a => a.Model).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault();
            return new
            {
                Task = group.Key.ToString(),
                Queries = group.Count(),
                Accuracy = group.Average(a => a.Correct ? 1.0 : 0.0),
                BestSingle = group.Average(a => outcome.Truth.WouldAnswerCorrectly(best, a.Task) ? 1.0 : 0.0),
                Favourite = favourite?.Key ?? "",
                Share = favourite is null ? 0 : favourite.Count() / (double)late.Count,
            };
        });

    private static double[] Rolling(int[] at, double[] values) =>
        [.. at.Select(i => values.Skip(Math.Max(0, i + 1 - Window)).Take(Math.Min(Window, i + 1)).Average())];
}
