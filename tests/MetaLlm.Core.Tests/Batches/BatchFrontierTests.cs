using MetaLlm.Core.Batches;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Batches;

public sealed class BatchFrontierTests
{
    private const double Slack = 1e-9;

    [Fact]
    public void A_plan_is_within_one_step_of_the_best_assignment_and_the_bound_is_that_of_the_relaxation() => Check(seed =>
    {
        var predictions = Random(seed, out var caution);
        var frontier = new BatchFrontier(predictions, caution);
        var all = Assignments(predictions, caution);
        var budget = frontier.LeastCostUsd + ((frontier.MostCostUsd - frontier.LeastCostUsd) * CounterRandom.Uniform(seed, 9_001));
        var plan = frontier.WithinBudget(budget);
        var best = all.Where(a => a.Cost <= budget + Slack).Max(a => a.Value);
        var n = predictions.Queries;
        Assert.True(plan.CostUsd <= budget + Slack);
        Assert.True(plan.Value * n <= best + Slack);
        Assert.True(best <= (plan.ValueBound * n) + Slack);
        Assert.True(best - (plan.Value * n) <= LargestRise(predictions, caution) + Slack);
        Assert.Equal(Dual(predictions, caution, budget), plan.ValueBound * n, 1e-7);
    });

    [Fact]
    public void A_plan_for_a_quality_has_it_and_costs_at_most_one_step_more_than_the_cheapest_assignment_that_has_it() => Check(seed =>
    {
        var predictions = Random(seed, out var caution);
        var frontier = new BatchFrontier(predictions, caution);
        var all = Assignments(predictions, caution);
        var (low, high) = (frontier.WithinBudget(0).Value, frontier.WithinBudget(double.PositiveInfinity).Value);
        var quality = low + ((high - low) * CounterRandom.Uniform(seed, 9_002));
        var plan = frontier.ForQuality(quality);
        var least = all.Where(a => a.Value >= (quality * predictions.Queries) - Slack).Min(a => a.Cost);
        Assert.True(plan.Value >= quality - Slack);
        Assert.InRange(plan.CostUsd, least - Slack, least + LargestPrice(predictions) + Slack);
    });

    [Fact]
    public void The_ends_of_the_curve_are_the_cheapest_and_the_best_assignment() => Check(seed =>
    {
        var predictions = Random(seed, out var caution);
        var frontier = new BatchFrontier(predictions, caution);
        var all = Assignments(predictions, caution);
        Assert.Equal(all.Min(a => a.Cost), frontier.LeastCostUsd, Slack);
        Assert.Equal(all.Max(a => a.Value), frontier.WithinBudget(double.PositiveInfinity).Value * predictions.Queries, Slack);
        Assert.Equal(frontier.MostCostUsd, frontier.WithinBudget(double.PositiveInfinity).CostUsd, Slack);
    });

    [Fact]
    public void A_menu_rises_in_cost_and_in_value()
    {
        var menu = new BatchFrontier(Large(2_000, 8), 0.5).Menu(12);
        Assert.Equal(12, menu.Count);
        Assert.All(menu.Zip(menu.Skip(1)), pair => Assert.True(pair.First.CostUsd < pair.Second.CostUsd && pair.First.Value <= pair.Second.Value));
        Assert.All(menu, plan => Assert.InRange(plan.Quality, plan.QualityLow, plan.QualityHigh));
    }

    [Fact]
    public void A_query_that_no_arm_can_answer_costs_nothing_and_counts_as_nothing()
    {
        var predictions = new BatchPredictions(2, 2);
        predictions.Set(1, 1, 0.8, 0.1, 0.01);
        var plan = new BatchFrontier(predictions, 0).WithinBudget(1);
        Assert.Equal([-1, 1], plan.Choices);
        Assert.Equal((0.01, 0.4), (plan.CostUsd, plan.Quality));
    }

    [Fact]
    public void Caution_prefers_what_is_known_well()
    {
        var predictions = new BatchPredictions(1, 2);
        predictions.Set(0, 0, 0.7, 0.01, 0.001);
        predictions.Set(0, 1, 0.75, 0.2, 0.002);
        Assert.Equal([1], new BatchFrontier(predictions, 0).WithinBudget(1).Choices);
        Assert.Equal([0], new BatchFrontier(predictions, 1).WithinBudget(1).Choices);
    }

    [Theory]
    [InlineData(double.NaN, 0, 0, "quality")]
    [InlineData(0.5, -1, 0, "deviation")]
    [InlineData(0.5, 0, -1, "costUsd")]
    [InlineData(0.5, 0, double.PositiveInfinity, "costUsd")]
    public void A_prediction_out_of_range_is_refused_by_name(double quality, double deviation, double cost, string name)
    {
        var predictions = new BatchPredictions(1, 1);
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => predictions.Set(0, 0, quality, deviation, cost)).ParamName);
        Assert.False(predictions.CanAnswer(0, 0));
    }

    [Fact]
    public void Fifty_thousand_queries_and_twenty_arms_are_assigned_to_within_a_step_of_the_bound()
    {
        var frontier = new BatchFrontier(Large(50_000, 20), 0.5);
        var plan = frontier.WithinBudget((frontier.LeastCostUsd + frontier.MostCostUsd) / 2);
        Assert.InRange(plan.ValueBound - plan.Value, -Slack, 2.0 / 50_000);
    }

    // Up to five queries of up to four arms, with numbers that repeat so that costs and values tie, and arms that cannot answer.
    private static BatchPredictions Random(ulong seed, out double caution)
    {
        var next = 0UL;
        double Draw() => CounterRandom.Uniform(seed, next++);
        var predictions = new BatchPredictions(1 + (int)(5 * Draw()), 1 + (int)(4 * Draw()));
        caution = (int)(3 * Draw()) / 2.0;
        for (var q = 0; q < predictions.Queries; q++)
        {
            for (var a = 0; a < predictions.Arms; a++)
            {
                if (Draw() > 0.15)
                {
                    predictions.Set(q, a, (int)(8 * Draw()) / 8.0, (int)(4 * Draw()) / 16.0, (int)(6 * Draw()) / 2.0);
                }
            }
        }

        return predictions;
    }

    private static BatchPredictions Large(int queries, int arms)
    {
        var predictions = new BatchPredictions(queries, arms);
        for (var q = 0; q < queries; q++)
        {
            for (var a = 0; a < arms; a++)
            {
                var key = (ulong)((q * arms) + a);
                predictions.Set(q, a, CounterRandom.Uniform(1, key), 0.1 * CounterRandom.Uniform(2, key), 1e-5 * Math.Exp(6 * CounterRandom.Uniform(3, key)));
            }
        }

        return predictions;
    }

    private static List<(double Cost, double Value)> Assignments(BatchPredictions predictions, double caution)
    {
        List<(double Cost, double Value)> all = [(0, 0)];
        for (var q = 0; q < predictions.Queries; q++)
        {
            var options = Options(predictions, q, caution);
            all = options.Count == 0 ? all : [.. all.SelectMany(a => options.Select(o => (a.Cost + o.Cost, a.Value + o.Value)))];
        }

        return all;
    }

    private static List<(double Cost, double Value)> Options(BatchPredictions predictions, int query, double caution) =>
        [.. Enumerable.Range(0, predictions.Arms).Where(a => predictions.CanAnswer(query, a)).Select(a => (predictions.CostUsd(query, a), predictions.Quality(query, a) - (caution * predictions.Deviation(query, a))))];

    // The relaxation's value from its other side: the least over all shadow prices of what the queries are worth at that price. It is piecewise linear, so that the least is at a price where a query changes its arm.
    private static double Dual(BatchPredictions predictions, double caution, double budget)
    {
        var queries = Enumerable.Range(0, predictions.Queries).Select(q => Options(predictions, q, caution)).Where(o => o.Count > 0).ToList();
        var prices = queries.SelectMany(o => o.SelectMany(a => o.Where(b => b.Cost > a.Cost).Select(b => (b.Value - a.Value) / (b.Cost - a.Cost)))).Where(p => p > 0).Append(0);
        return prices.Min(p => (p * budget) + queries.Sum(o => o.Max(a => a.Value - (p * a.Cost))));
    }

    private static double LargestRise(BatchPredictions predictions, double caution) => Enumerable.Range(0, predictions.Queries)
        .Select(q => Options(predictions, q, caution)).Where(o => o.Count > 0).Select(o => o.Max(a => a.Value) - o.Min(a => a.Value)).DefaultIfEmpty(0).Max();

    private static double LargestPrice(BatchPredictions predictions) => Enumerable.Range(0, predictions.Queries)
        .Select(q => Options(predictions, q, 0)).Where(o => o.Count > 0).Select(o => o.Max(a => a.Cost) - o.Min(a => a.Cost)).DefaultIfEmpty(0).Max();

    private static void Check(Action<ulong> property) => Assert.All(Enumerable.Range(0, 500), seed => property((ulong)seed));
}
