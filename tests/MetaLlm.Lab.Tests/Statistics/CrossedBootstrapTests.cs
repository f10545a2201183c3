using MetaLlm.Lab.Statistics;

namespace MetaLlm.Lab.Tests.Statistics;

public sealed class CrossedBootstrapTests
{
    private static readonly int[] Queries = [.. Enumerable.Range(0, 400)];
    private static readonly double[] HalfOnes = [.. Queries.Select(q => (double)(q % 2))];

    [Fact]
    public void Equal_values_leave_no_doubt() =>
        Assert.Equal((0.25, 0.25), CrossedBootstrap.MeanInterval([([0, 1, 2], [0.25, 0.25, 0.25])], 200, 1));

    [Fact]
    public void Two_seeds_that_disagree_on_one_query_may_be_drawn_twice_each() =>
        // Means of two draws from {0, 1} are 0, 0.5, 1 with probabilities 1/4, 1/2, 1/4.
        Assert.Equal((0, 1), CrossedBootstrap.MeanInterval([([0], [0]), ([0], [1])], 500, 1));

    [Fact]
    public void The_interval_of_one_seed_is_that_of_the_mean_of_independent_queries()
    {
        var (lower, upper) = CrossedBootstrap.MeanInterval([(Queries, HalfOnes)], 4000, 7);

        // 1.96 * 0.5 / sqrt(400) = 0.049
        Assert.InRange(lower, 0.446, 0.456);
        Assert.InRange(upper, 0.544, 0.554);
    }

    [Fact]
    public void Seeds_that_repeat_each_other_do_not_narrow_the_interval()
    {
        var (lower, upper) = CrossedBootstrap.MeanInterval([.. Enumerable.Repeat((Queries, HalfOnes), 10)], 2000, 7);

        Assert.InRange(upper - lower, 0.088, 0.108);
    }

    [Fact]
    public void Equal_seeds_give_equal_intervals_and_others_do_not()
    {
        var first = CrossedBootstrap.MeanInterval([(Queries, HalfOnes)], 50, 3);

        Assert.Equal(first, CrossedBootstrap.MeanInterval([(Queries, HalfOnes)], 50, 3));
        Assert.NotEqual(first, CrossedBootstrap.MeanInterval([(Queries, HalfOnes)], 50, 4));
    }

    [Fact]
    public void Seeds_that_play_different_queries_are_weighted_by_what_they_played()
    {
        var (lower, upper) = CrossedBootstrap.MeanInterval([([5, 9], [1, 1]), ([7], [1])], 300, 1);

        Assert.Equal((1, 1), (lower, upper));
    }

    [Fact]
    public void Without_values_there_is_no_interval() =>
        Assert.Throws<ArgumentException>(() => CrossedBootstrap.MeanInterval([([], [])], 10, 1));
}
