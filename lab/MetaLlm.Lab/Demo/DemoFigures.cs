using System.Text.Json.Serialization;
using MetaLlm.Simulator.Scoring;

namespace MetaLlm.Lab.Demo;

/// <summary>The figures as <c>--json</c> writes them. Names and nesting are a contract: scripts read them.</summary>
internal sealed record DemoFigures(
    int Requests,
    DemoFigures.PolicyFigures Policy,
    DemoFigures.ReferenceFigures References,
    IReadOnlyDictionary<string, double> Shares,
    FeedbackCount Feedback,
    DemoFigures.SecondFigures? SecondAct,
    double WallSeconds)
{
    /// <summary>What came of each seed; null where only one was played.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DemoWorlds? Seeds { get; init; }

    public static DemoFigures Of(DemoOutcome outcome) => new(
        outcome.Answers.Count,
        new PolicyFigures(outcome.Accuracy, outcome.CostPerRequest),
        new ReferenceFigures(
            Point(outcome.Random),
            Point(outcome.References.Cheapest),
            Point(outcome.References.BestSingle),
            new MixFigures(outcome.MixAtRealisedCost),
            Point(outcome.References.Oracle)),
        outcome.Shares,
        outcome.Feedback,
        outcome.Second is { } second ? new SecondFigures(second.Accuracy, second.CostPerRequest, second.Verdicts, second.SpendUsd, second.PurseUsd) : null,
        outcome.WallSeconds);

    private static PointFigures Point(StrategyScore score) => new(score.Accuracy, (double)score.MeanCostUsd);

    internal sealed record PolicyFigures(double Accuracy, double CostPerRequest);

    internal sealed record PointFigures(double Reward, double Cost);

    internal sealed record SecondFigures(double Accuracy, double CostPerRequest, long Verdicts, double JudgeUsd, double PurseUsd);

    internal sealed record MixFigures(double Reward);

    internal sealed record ReferenceFigures(
        PointFigures Random, PointFigures Cheapest, PointFigures BestSingle, MixFigures StaticMixAtRealisedCost, PointFigures Oracle);
}
