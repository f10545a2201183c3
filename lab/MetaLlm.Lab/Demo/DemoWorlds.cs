using System.Globalization;
using MetaLlm.Evaluation.Statistics;
using Spectre.Console;

namespace MetaLlm.Lab.Demo;

/// <summary>What came of the demo in several worlds: the same program with another seed of simulator, traffic and policy.</summary>
/// <param name="BudgetUsdPerRequest">Mean spend per request that the policy was to keep, USD.</param>
/// <param name="Worlds">One for each seed, in their order.</param>
internal sealed record DemoWorlds(double BudgetUsdPerRequest, IReadOnlyList<DemoWorlds.World> Worlds)
{
    /// <summary>Share of right answers over the seeds.</summary>
    public SampleMoments Accuracy => SampleMoments.Of([.. Worlds.Select(world => world.Accuracy)]);

    /// <summary>One row a seed.</summary>
    public Table Render()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("seed").RightAligned());
        foreach (var title in (string[])["accuracy", "USD per request", "without feedback", "USD per request", "judge, USD"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var world in Worlds)
        {
            table.AddRow(
                world.Seed.ToString(CultureInfo.InvariantCulture), DemoTable.Percent(world.Accuracy), Usd(world.CostPerRequest),
                world.SecondAct is { } second ? DemoTable.Percent(second.Accuracy) : "", world.SecondAct is { } cost ? Usd(cost.CostPerRequest) : "",
                world.SecondAct is { } judged ? judged.JudgeUsd.ToString("0.0000", CultureInfo.InvariantCulture) : "");
        }

        return table;
    }

    /// <summary>Mean and spread, in a sentence.</summary>
    public string Headline()
    {
        var accuracy = Accuracy;
        var text = FormattableString.Invariant(
            $"{Worlds.Count} seeds, budget {BudgetUsdPerRequest:0.0000##} USD per request: {DemoTable.Percent(accuracy.Mean)} right on average (deviation of seeds {accuracy.StandardDeviation * 100:0.0} points, {DemoTable.Percent(Worlds.Min(w => w.Accuracy))} to {DemoTable.Percent(Worlds.Max(w => w.Accuracy))}) at {Worlds.Average(w => w.CostPerRequest):0.000000} USD");
        return Worlds.All(world => world.SecondAct is not null)
            ? text + FormattableString.Invariant($"; without feedback {DemoTable.Percent(Worlds.Average(w => w.SecondAct!.Accuracy))}, at worst {Worlds.Min(w => w.SecondAct!.Accuracy - w.Accuracy) * 100:+0.0;-0.0} points beside the first act")
            : text;
    }

    private static string Usd(double usd) => usd.ToString("0.000000", CultureInfo.InvariantCulture);

    /// <summary>One seed.</summary>
    /// <param name="Seed">The seed.</param>
    /// <param name="Accuracy">Share of right answers of the first act.</param>
    /// <param name="CostPerRequest">Its mean cost of a request, USD.</param>
    /// <param name="SecondAct">The act without feedback; null where it was left out.</param>
    internal sealed record World(int Seed, double Accuracy, double CostPerRequest, DemoFigures.SecondFigures? SecondAct)
    {
        public static World Of(int seed, DemoFigures figures) => new(seed, figures.Policy.Accuracy, figures.Policy.CostPerRequest, figures.SecondAct);
    }
}
