using MetaLlm.Core.Tenancy;
using MetaLlm.WebConsole.Pages.Decisions;

namespace MetaLlm.WebConsole.Tests;

public sealed class PriceRangeTests
{
    [Fact]
    public void Each_range_has_the_model_whose_score_is_best_in_it()
    {
        var decision = Decision(lambda: 50, ("large", 0.9, 0.02), ("middle", 0.8, 0.004), ("dominated", 0.7, 0.01), ("small", 0.5, 0.001), ("out", null, 0.0001));

        var ranges = PriceRange.Of(decision);

        Assert.Equal(["large", "middle", "small"], ranges.Select(range => range.Arm.ArmId));
        Assert.Equal((0, double.PositiveInfinity), (ranges[0].From, ranges[^1].To));
        Assert.Equal(0.1 / 0.016, ranges[0].To, 9);
        Assert.Equal(0.3 / 0.003, ranges[1].To, 9);
        foreach (var range in ranges)
        {
            var inside = double.IsFinite(range.To) ? (range.From + range.To) / 2 : range.From + 1;
            var best = decision.Arms.Where(arm => arm.Score is not null).MaxBy(arm => arm.Quality - (inside * arm.CostUsd))!;
            Assert.Equal(best.ArmId, range.Arm.ArmId);
        }
    }

    [Fact]
    public void A_decision_without_scores_has_no_ranges_and_one_model_has_all_of_them()
    {
        Assert.Empty(PriceRange.Of(Decision(1, ("only", null, 1))));
        Assert.Equal((0, double.PositiveInfinity, "only"), PriceRange.Of(Decision(1, ("only", 0.5, 0))) is [var one] ? (one.From, one.To, one.Arm.ArmId) : default);
    }

    private static DecisionRecord Decision(double lambda, params (string Id, double? Quality, double Cost)[] arms) => new()
    {
        Tenant = "acme", DecisionId = "dec-1-x", Ordinal = 1, AppliedSequence = 0, At = DateTimeOffset.UnixEpoch, Policy = "metallm", PolicyVersion = 1, FeatureSchema = "schema", Context = [], Task = null,
        InputTokens = 1, ChosenArm = arms[0].Id, GreedyArm = arms[0].Id, Pinned = false, Propensity = 1, Draw = 0, Seed = 1, Lambda = lambda, Preferences = PreferenceWeights.Neutral, ReservedUsd = 0,
        Arms = [.. arms.Select(arm => new ArmAssessment(arm.Id, arm.Quality ?? 0, 0, arm.Cost, 0, arm.Quality is { } quality ? quality - (lambda * arm.Cost) : null, 0, null))],
    };
}
