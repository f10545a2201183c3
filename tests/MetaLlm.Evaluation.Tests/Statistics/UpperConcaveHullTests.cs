using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Tests.Statistics;

public sealed class UpperConcaveHullTests
{
    private static readonly CostRewardPoint[] Points = [new(3, 0.9), new(1, 0.5), new(4, 0.7), new(2, 0.6)];

    [Fact]
    public void Only_points_above_every_mix_of_others_are_corners() =>
        Assert.Equal([new(1, 0.5), new(3, 0.9)], new UpperConcaveHull(Points).Vertices);

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(1.5, 0.6)]
    [InlineData(2, 0.7)]
    [InlineData(3, 0.9)]
    public void A_mix_interpolates_between_corners(double cost, double reward) =>
        Assert.Equal(reward, new UpperConcaveHull(Points).RewardAt(cost), 12);

    [Fact]
    public void Below_the_cheapest_point_there_is_no_mix_and_its_reward_stands() =>
        Assert.Equal(0.5, new UpperConcaveHull(Points).RewardAt(0.1));

    [Fact]
    public void More_money_than_the_best_point_costs_buys_nothing() =>
        Assert.Equal(0.9, new UpperConcaveHull(Points).RewardAt(100));

    [Fact]
    public void A_concave_chain_keeps_all_its_corners()
    {
        var hull = new UpperConcaveHull([new(0, 0), new(1, 0.6), new(2, 0.9), new(4, 1)]);

        Assert.Equal(4, hull.Vertices.Count);
        Assert.Equal(0.95, hull.RewardAt(3), 12);
    }

    [Fact]
    public void Of_equally_dear_points_the_better_one_counts() =>
        Assert.Equal([new(1, 0.8)], new UpperConcaveHull([new(1, 0.2), new(1, 0.8), new(1, 0.5)]).Vertices);

    [Fact]
    public void Of_equally_good_points_the_cheaper_one_counts() =>
        Assert.Equal([new(1, 0.8)], new UpperConcaveHull([new(2, 0.8), new(1, 0.8)]).Vertices);

    [Fact]
    public void Nothing_and_what_is_not_finite_has_no_hull()
    {
        Assert.Throws<ArgumentException>(() => new UpperConcaveHull([]));
        Assert.Throws<ArgumentException>(() => new UpperConcaveHull([new(double.NaN, 0)]));
    }
}
