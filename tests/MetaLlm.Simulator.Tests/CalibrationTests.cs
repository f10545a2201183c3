using Xunit.Abstractions;

namespace MetaLlm.Simulator.Tests;

/// <summary>The world must reward routing, for every seed: otherwise nothing that is measured on it means anything.</summary>
public class CalibrationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(31_337)]
    public void Routing_by_content_beats_every_single_model_and_every_mix(int seed)
    {
        var catalog = TaskCatalog.Create(seed);
        var scores = ReferenceScores.Compute(new GroundTruth(seed), DefaultModels.All, catalog.Tasks);
        Report(scores);

        Assert.InRange(scores.BestSingle.Accuracy, 0.80, 0.88);
        Assert.Equal("sim-frontier", scores.BestSingle.Name);
        Assert.Equal("sim-nano", scores.Cheapest.Name);
        Assert.InRange(scores.Cheapest.Accuracy, 0.45, 0.60);
        Assert.True(scores.BestPerType.Accuracy >= 0.95);
        Assert.True(scores.BestPerType.MeanCostUsd < scores.BestSingle.MeanCostUsd / 2);
        Assert.True(scores.BestPerQuery.Accuracy >= 0.95);
        Assert.True(scores.BestPerQuery.MeanCostUsd < scores.BestSingle.MeanCostUsd / 4);
        Assert.True(scores.BestPerQuery.Accuracy >= scores.MixAccuracyAt(scores.BestPerQuery.MeanCostUsd) + 0.15);
        Assert.True(scores.Oracle.Accuracy >= 0.97);
    }

    [Fact]
    public void Every_cheap_specialist_leads_on_hard_queries_of_its_field_and_trails_elsewhere()
    {
        var catalog = TaskCatalog.Create(1);
        SimTask Hard(SimTaskType type) => catalog.Tasks.Where(task => task.Type == type).MaxBy(task => task.Difficulty)!;
        string Best(SimTaskType type) => DefaultModels.All.MaxBy(model => model.ExpectedQuality(Hard(type)))!.Name;

        Assert.Equal("sim-lingo", Best(SimTaskType.Translation));
        Assert.Equal("sim-coder", Best(SimTaskType.Strings));
        Assert.Equal("sim-math", Best(SimTaskType.Arithmetic));
        Assert.Equal("sim-frontier", Best(SimTaskType.Logic));
        Assert.True(DefaultModels.Math.ExpectedQuality(Hard(SimTaskType.Translation)) < 0.05);
    }

    [Fact]
    public void The_chance_of_a_right_answer_falls_with_difficulty_and_rises_with_ability()
    {
        var task = TaskCatalog.Create(1, 1).Tasks[0];
        var model = DefaultModels.Nano;
        Assert.True(model.ExpectedQuality(task with { Difficulty = 0.2 }) > model.ExpectedQuality(task with { Difficulty = 0.8 }));
        Assert.True((model with { Ability = 1 }).ExpectedQuality(task) > model.ExpectedQuality(task));
        Assert.Equal(SimulatedModel.Ceiling / 2, model.ExpectedQuality(task with { Difficulty = model.AbilityFor(task.Type) }), 12);
    }

    [Fact]
    public void Drawn_answers_match_their_stated_chances()
    {
        var catalog = TaskCatalog.Create(3);
        var truth = new GroundTruth(3);
        foreach (var model in DefaultModels.All)
        {
            var expected = catalog.Tasks.Average(model.ExpectedQuality);
            var actual = catalog.Tasks.Average(task => truth.WouldAnswerCorrectly(model, task) ? 1.0 : 0.0);

            // Four standard errors of a mean of 4,400 draws are at most 0.03.
            Assert.InRange(actual - expected, -0.03, 0.03);
        }
    }

    [Fact]
    public void The_best_mix_joins_two_models_by_a_straight_line()
    {
        var catalog = TaskCatalog.Create(1, 20);
        var models = new[] { DefaultModels.Nano, DefaultModels.Frontier };
        var scores = ReferenceScores.Compute(new GroundTruth(1), models, catalog.Tasks);
        var (low, high) = (scores.Singles[0], scores.Singles[1]);

        Assert.Equal(0, scores.MixAccuracyAt(low.MeanCostUsd / 2));
        Assert.Equal((low.Accuracy + high.Accuracy) / 2, scores.MixAccuracyAt((low.MeanCostUsd + high.MeanCostUsd) / 2), 9);
        Assert.Equal(high.Accuracy, scores.MixAccuracyAt(high.MeanCostUsd * 2));
    }

    private void Report(ReferenceScores scores)
    {
        foreach (var score in scores.Singles.Append(scores.BestPerType).Append(scores.BestPerQuery).Append(scores.Oracle))
        {
            output.WriteLine(FormattableString.Invariant($"{score.Name,-24} accuracy {score.Accuracy:0.000}  mean cost {score.MeanCostUsd * 1_000_000:0.0} USD per million queries  best mix at that cost {scores.MixAccuracyAt(score.MeanCostUsd):0.000}"));
        }

        foreach (var (type, score) in scores.BestByType)
        {
            output.WriteLine(FormattableString.Invariant($"{type,-14} {score.Name,-14} {score.Accuracy:0.000}"));
        }
    }
}
