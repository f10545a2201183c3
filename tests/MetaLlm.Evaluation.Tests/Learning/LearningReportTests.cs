using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Evaluation.Learning;

namespace MetaLlm.Evaluation.Tests.Learning;

/// <summary>A router that explores, whose models have a known worth: the report must find it, and must not pretend where it cannot.</summary>
public sealed class LearningReportTests
{
    private static readonly DateTimeOffset Morning = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    // Mean reward by task and model; what a call costs.
    private static readonly double[][] Worth = [[0.9, 0.95], [0.3, 0.9]];
    private static readonly double[] Cost = [0.001, 0.02];

    [Fact]
    public void Models_that_are_tried_get_the_point_that_they_are_worth()
    {
        var report = LearningReport.Of(new DecisionSample([.. Decisions(2000, explore: 0.3)], IsWhole: true));

        Assert.Equal((2000, 2000), (report.Decisions, report.Used));
        Assert.Equal(["cheap", "dear"], report.Models.Select(model => model.Name));
        foreach (var (model, arm) in report.Models.Zip([0, 1]))
        {
            var truth = (Worth[0][arm] + Worth[1][arm]) / 2;
            Assert.InRange(truth, model.RewardInterval![0], model.RewardInterval[1]);
            Assert.InRange(model.Reward!.Value, truth - 0.05, truth + 0.05);
            Assert.Equal(Cost[arm], model.CostUsd!.Value, Cost[arm] / 10);
        }

        // The router sends each task where it belongs, which no mix does.
        Assert.InRange(report.Router!.Reward!.Value, 0.8, 0.95);
        Assert.True(report.Router.Reward > report.MixRewardAtRouterCost + 0.05, $"{report.Router.Reward} {report.MixRewardAtRouterCost}");
        Assert.Equal(2, report.StaticMix.Count);
    }

    [Fact]
    public void A_model_that_was_hardly_tried_gets_no_point_but_a_note_and_what_is_expected()
    {
        var report = LearningReport.Of(new DecisionSample([.. Decisions(1000, explore: 0.0005)], IsWhole: false));

        Assert.Equal(2, report.Models.Count);
        Assert.All(report.Models, model => Assert.Equal((null, null, PolicyPointNote.HardlyTried), (model.Reward, model.RewardInterval, model.Note)));
        Assert.All(report.Models.Zip([0, 1]), pair => Assert.Equal((Worth[0][pair.Second] + Worth[1][pair.Second]) / 2, pair.First.ExpectedReward!.Value, 0.03));
        Assert.All(report.Models.Zip(Cost), pair => Assert.Equal(pair.Second, pair.First.ExpectedCostUsd!.Value, 9));
        Assert.Empty(report.StaticMix);
        Assert.Null(report.MixRewardAtRouterCost);
        Assert.NotNull(report.Router);
    }

    [Fact]
    public void Pinned_rerouted_and_unrewarded_decisions_and_defaults_say_nothing_of_the_policy()
    {
        StoredDecision[] decisions = [.. Decisions(100, explore: 0.3)];
        StoredDecision[] useless =
        [
            decisions[0] with { Decision = decisions[0].Decision with { Pinned = true } },
            decisions[1] with { ServedArm = decisions[1].Decision.ChosenArm == "cheap" ? "dear" : "cheap" },
            decisions[2] with { Reward = null },
            decisions[3] with { FeedbackCount = 0 },
        ];
        var report = LearningReport.Of(new DecisionSample([.. useless, .. decisions[4..]], IsWhole: true));
        Assert.Equal((100, 96), (report.Decisions, report.Used));
        Assert.Null(LearningReport.Of(new DecisionSample(useless, IsWhole: true)).Router);
        Assert.Empty(LearningReport.Of(new DecisionSample([], IsWhole: true)).Models);
    }

    [Fact]
    public void Calibration_regret_and_skills_are_those_of_the_decisions()
    {
        var report = LearningReport.Of(new DecisionSample([.. Decisions(2000, explore: 0.3)], IsWhole: true));

        // Predictions are the truth here, so that nearly every interval holds it.
        Assert.InRange(report.Quality.Count, 3, 10);
        Assert.True(report.Quality.Count(bin => bin.Predicted >= bin.Low && bin.Predicted <= bin.High) >= report.Quality.Count - 2);
        Assert.True(report.Quality.Zip(report.Quality.Skip(1)).All(pair => pair.First.Predicted <= pair.Second.Predicted));
        Assert.InRange(report.Cost.Count, 2, 10);
        Assert.All(report.Cost, bin => Assert.Equal(bin.Predicted, bin.Seen, 9));

        // Of two models half of what is explored goes to the worse, which is behind by 0.05 or 0.6 in scores.
        Assert.Equal(0.15 * ((0.05 + 0.6) / 2), report.Regret.Average(point => point.Regret), 0.01);
        Assert.Equal(2000, report.Regret.Sum(point => point.Decisions));

        Assert.Equal(4, report.Skills.Count);
        var hard = report.Skills.Single(skill => skill is { Task: "hard", Model: "cheap" });
        Assert.Equal(0.3, hard.Predicted, 9);
        Assert.InRange(hard.Seen!.Value, 0.2, 0.4);
        Assert.InRange(hard.Share, 0.1, 0.2);
    }

    [Fact]
    public void An_example_of_a_model_and_task_is_the_newest_of_the_best_rewarded_that_it_answered()
    {
        StoredDecision[] decisions = [.. Decisions(400, explore: 0.3)];
        var skills = LearningReport.Of(new DecisionSample(decisions, IsWhole: true)).Skills;
        Assert.Equal(4, skills.Count);
        Assert.All(skills, skill => Assert.Equal(
            decisions.Last(one => one.Decision.Task == skill.Task && one.ServedArm == skill.Model && one.Reward == 1).Decision.DecisionId, skill.Example));

        var unrewarded = LearningReport.Of(new DecisionSample([.. decisions.Select(one => one with { FeedbackCount = 0 })], IsWhole: true)).Skills;
        Assert.Equal(4, unrewarded.Count);
        Assert.All(unrewarded, skill => Assert.Null(skill.Example));
    }

    private static IEnumerable<StoredDecision> Decisions(int count, double explore)
    {
        for (var i = 0; i < count; i++)
        {
            var task = i % 2;
            double Uniform(ulong stream) => CounterRandom.Uniform(CounterRandom.Bits(3, stream), (ulong)i);

            // The easy task is the cheap model's by its score, the hard one the dear one's.
            var greedy = task;
            double[] score = [task == 0 ? Worth[0][1] : Worth[1][0], task == 0 ? Worth[0][0] : Worth[1][1]];
            double[] propensity = [explore / 2, explore / 2];
            propensity[greedy] += 1 - explore;
            var chosen = Uniform(1) < propensity[0] ? 0 : 1;
            var reward = Uniform(2) < Worth[task][chosen] ? 1 : 0;
            yield return new StoredDecision
            {
                Decision = new DecisionRecord
                {
                    Tenant = "acme",
                    DecisionId = $"d-{i}",
                    Ordinal = i + 1,
                    AppliedSequence = 0,
                    At = Morning.AddMinutes(i),
                    Policy = "metallm",
                    PolicyVersion = 1,
                    FeatureSchema = "s",
                    Context = [1],
                    Task = task == 0 ? "easy" : "hard",
                    InputTokens = 10,
                    Arms =
                    [
                        new ArmAssessment("cheap", Worth[task][0], 0.1, Cost[0], 1, greedy == 0 ? Math.Max(score[0], score[1]) : Math.Min(score[0], score[1]), propensity[0], null),
                        new ArmAssessment("dear", Worth[task][1], 0.1, Cost[1], 1, greedy == 1 ? Math.Max(score[0], score[1]) : Math.Min(score[0], score[1]), propensity[1], null),
                    ],
                    ChosenArm = chosen == 0 ? "cheap" : "dear",
                    GreedyArm = greedy == 0 ? "cheap" : "dear",
                    Pinned = false,
                    Propensity = propensity[chosen],
                    Draw = Uniform(1),
                    Seed = 1,
                    Lambda = 0,
                    Preferences = new PreferenceWeights(1, 1, 1),
                    ReservedUsd = Cost[chosen],
                },
                ServedArm = chosen == 0 ? "cheap" : "dear",
                Settlement = new Settlement { DecisionId = $"d-{i}", Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 10), CostUsd = Cost[chosen] },
                Reward = reward,
                FeedbackCount = 1,
            };
        }
    }
}
