using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class SpendMeasuresTests
{
    [Fact]
    public void Overspend_is_the_furthest_ahead_of_the_budget_at_any_time()
    {
        Assert.Equal(4, SpendMeasures.Overspend([1, 3, 3, 0, 0], 1), 12);
        Assert.Equal(0, SpendMeasures.Overspend([1, 1, 0, 2], 1), 12);
        Assert.Equal(0, SpendMeasures.Overspend([], 1));
    }

    [Fact]
    public void A_stream_shorter_than_the_window_is_one_window() => Assert.Equal(2, SpendMeasures.MostExpensiveWindow([1, 2, 3]), 12);

    [Fact]
    public void The_dearest_window_may_lie_anywhere()
    {
        var costs = Enumerable.Repeat(1.0, 120).Concat(Enumerable.Repeat(2.0, 100)).Concat(Enumerable.Repeat(1.0, 30)).ToArray();

        Assert.Equal(2, SpendMeasures.MostExpensiveWindow(costs), 12);
        Assert.Equal(1.3, SpendMeasures.MostExpensiveWindow(costs.AsSpan(0, 150)), 12);
    }
}
