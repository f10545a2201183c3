using MetaLlm.Core.Budgets;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Budgets;

public sealed class SpendCurveTests
{
    [Theory]
    [InlineData(0.0005)]
    [InlineData(0.002)]
    [InlineData(0.006)]
    public void The_price_is_the_one_at_which_the_best_arms_cost_that_much(double usd)
    {
        var sample = Enumerable.Range(0, 400).Select(Query).ToArray();
        var curve = new SpendCurve();
        curve.Restart(1e-4 / 0.002);
        foreach (var (quality, cost) in sample)
        {
            Take(curve, quality, cost);
        }

        var price = curve.PriceAt(usd);
        Assert.InRange(MeanCost(sample, price) / usd, 0.9, 1.1);
        Assert.Equal(400, curve.Count);
    }

    [Fact]
    public void A_price_falls_as_the_mean_spend_rises()
    {
        var curve = new SpendCurve();
        curve.Restart(1e-4 / 0.002);
        for (var i = 0; i < 300; i++)
        {
            var (quality, cost) = Query(i);
            Take(curve, quality, cost);
        }

        var prices = Enumerable.Range(1, 40).Select(i => curve.PriceAt(0.0003 * i)).ToArray();
        Assert.All(prices.Zip(prices.Skip(1)), pair => Assert.True(pair.First >= pair.Second));
    }

    [Fact]
    public void Old_decisions_fade()
    {
        var curve = new SpendCurve();
        curve.Restart(1e-4 / 0.002);
        for (var i = 0; i < 1000; i++)
        {
            Take(curve, [0.2, 0.9], [0.0001, 0.01]);
        }

        var before = curve.PriceAt(0.002);
        for (var i = 0; i < 4000; i++)
        {
            Take(curve, [0.2, 0.3], [0.0001, 0.01]);
        }

        // What the dear arm is worth more per USD fell from 0.7 / 0.0099 to 0.1 / 0.0099.
        Assert.InRange(before, 60, 80);
        Assert.InRange(curve.PriceAt(0.002), 8, 12);
    }

    private static (double[] Quality, double[] Cost) Query(int i) => (
        [0.5, 0.5 + (0.3 * CounterRandom.Uniform(1, (ulong)i)), 0.5 + (0.5 * CounterRandom.Uniform(2, (ulong)i))],
        [0.0001, 0.002 * (0.5 + CounterRandom.Uniform(3, (ulong)i)), 0.01]);

    private static void Take(SpendCurve curve, double[] quality, double[] cost)
    {
        curve.Begin();
        for (var a = 0; a < quality.Length; a++)
        {
            curve.Offer(quality[a], cost[a]);
        }

        curve.End();
    }

    private static double MeanCost((double[] Quality, double[] Cost)[] sample, double price) => sample.Average(s =>
        s.Cost[Enumerable.Range(0, s.Cost.Length).MaxBy(a => s.Quality[a] - (price * s.Cost[a]))]);
}
