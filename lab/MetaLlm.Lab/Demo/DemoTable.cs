using System.Globalization;
using MetaLlm.Simulator.Scoring;
using Spectre.Console;

namespace MetaLlm.Lab.Demo;

/// <summary>The closing table: the policy beside every single model, the static mix, and what no router can know.</summary>
internal static class DemoTable
{
    public static IReadOnlyList<DemoRow> Rows(DemoOutcome outcome) =>
    [
        new("MetaLlm", "policy", outcome.Accuracy, outcome.CostPerRequest, outcome.MixAtRealisedCost),
        .. outcome.References.Singles.Select(s => Row(s, "model", outcome)),
        Row(outcome.Random, "rule", outcome),
        Row(outcome.References.BestPerType, "hindsight", outcome),
        Row(outcome.References.Oracle, "hindsight", outcome),
    ];

    public static Table Render(DemoOutcome outcome)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("")
            .AddColumn(new TableColumn("accuracy").RightAligned())
            .AddColumn(new TableColumn("USD per request").RightAligned())
            .AddColumn(new TableColumn("static mix at that cost").RightAligned())
            .AddColumn(new TableColumn("gain").RightAligned());
        foreach (var row in Rows(outcome))
        {
            var style = row.Kind switch { "policy" => "bold green", "hindsight" => "grey", _ => "default" };
            string[] cells =
            [
                row.Name,
                Percent(row.Accuracy),
                row.Cost.ToString("0.000000", CultureInfo.InvariantCulture),
                Percent(row.Mix),
                ((row.Accuracy - row.Mix) * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture),
            ];
            table.AddRow(cells.Select(c => new Markup($"[{style}]{Markup.Escape(c)}[/]")));
        }

        return table;
    }

    public static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static DemoRow Row(StrategyScore score, string kind, DemoOutcome outcome) =>
        new(score.Name, kind, score.Accuracy, (double)score.MeanCostUsd, outcome.References.MixAccuracyAt(score.MeanCostUsd));
}
