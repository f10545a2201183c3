using MetaLlm.Simulator.Models;
using MetaLlm.Simulator.Scoring;

namespace MetaLlm.Lab.Demo;

/// <summary>All that the demo saw: the answers, what became of the feedback, and the yardsticks on the same queries.</summary>
internal sealed record DemoOutcome
{
    /// <summary>The answers in the order of arrival.</summary>
    public required IReadOnlyList<DemoAnswer> Answers { get; init; }

    /// <summary>What became of the feedback.</summary>
    public required FeedbackCount Feedback { get; init; }

    /// <summary>Every single model and the rules that know too much, on the very same queries.</summary>
    public required ReferenceScores References { get; init; }

    /// <summary>The models.</summary>
    public required IReadOnlyList<SimulatedModel> Models { get; init; }

    /// <summary>What a model would have answered.</summary>
    public required GroundTruth Truth { get; init; }

    /// <summary>Seconds from the first request to the last applied reward.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>The act without feedback; null where it was left out.</summary>
    public JudgedAct? Second { get; init; }

    /// <summary>Share of right answers.</summary>
    public double Accuracy => Answers.Average(a => a.Correct ? 1.0 : 0.0);

    /// <summary>Mean cost of a request, USD.</summary>
    public double CostPerRequest => Answers.Average(a => a.CostUsd);

    /// <summary>Accuracy of the best random mix of single models at the policy's own cost.</summary>
    public double MixAtRealisedCost => References.MixAccuracyAt((decimal)CostPerRequest);

    /// <summary>A model drawn at random for every query.</summary>
    public StrategyScore Random => new(
        "random", References.Singles.Average(s => s.Accuracy), References.Singles.Average(s => s.MeanCostUsd));

    /// <summary>Share of the requests that each model served, by name, in the models' order.</summary>
    public IReadOnlyDictionary<string, double> Shares =>
        Models.ToDictionary(m => m.Name, m => Answers.Count(a => a.Model == m.Name) / (double)Answers.Count);
}
