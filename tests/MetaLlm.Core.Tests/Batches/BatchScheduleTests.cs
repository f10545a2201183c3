using MetaLlm.Core.Batches;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Batches;

public sealed class BatchScheduleTests
{
    [Fact]
    public void Bills_that_are_twice_as_high_as_predicted_are_met_by_the_same_budget()
    {
        var schedule = new BatchSchedule(TwoArms(1_000), 0);
        const double budget = 5.0;
        var left = budget;
        var plan = schedule.WithinBudget(left);
        var dear = 0;
        for (var query = 0; query < 1_000; query++)
        {
            if (query % 50 == 0)
            {
                plan = schedule.WithinBudget(left);
            }

            var arm = plan.Choices[query];
            var cost = arm == 0 ? 0.001 : 0.02;
            dear += arm;
            left -= cost;
            schedule.Close(query, arm, cost);
        }

        Assert.InRange(left, -0.05, 0.15);
        Assert.InRange(dear, 180, 260);
        Assert.InRange(schedule.CostFactor(1), 1.7, 2);
        Assert.Equal(0, schedule.Open);
        Assert.Throws<InvalidOperationException>(() => schedule.WithinBudget(1));
    }

    [Fact]
    public void Closed_queries_have_no_choice_and_count_once()
    {
        var schedule = new BatchSchedule(TwoArms(3), 0);
        schedule.Close(1, 1, 0.01);
        schedule.Close(1, 0, 0.001);
        var plan = schedule.WithinBudget(1);
        Assert.Equal(2, schedule.Open);
        Assert.Equal([1, -1, 1], plan.Choices);
    }

    [Fact]
    public void What_closed_queries_are_worth_counts_towards_the_quality_of_the_whole()
    {
        var predictions = new BatchPredictions(2, 2);
        for (var query = 0; query < 2; query++)
        {
            predictions.Set(query, 0, 0.5, 0, 0.001);
            predictions.Set(query, 1, 0.9, 0, 0.01);
        }

        var schedule = new BatchSchedule(predictions, 0);
        schedule.Close(0, 1, 0.01);
        Assert.Equal([-1, 0], schedule.ForQuality(0.7).Choices);
        Assert.Equal([-1, 1], schedule.ForQuality(0.8).Choices);
    }

    [Fact]
    public void Queries_run_in_an_order_that_their_size_does_not_decide_and_the_last_fifth_by_size()
    {
        var schedule = new BatchSchedule(TwoArms(100), 0);
        var order = new List<int>();
        while (schedule.Open > 0)
        {
            var next = schedule.Next(7, query => query);
            order.AddRange(next);
            foreach (var query in next)
            {
                schedule.Close(query, 0, 0.001);
            }
        }

        Assert.Equal(Enumerable.Range(0, 100), order.Order());
        Assert.InRange(order.Take(40).Average(), 40, 60);
        Assert.Equal(order.Skip(80).OrderDescending(), order.Skip(80));
    }

    private static BatchPredictions TwoArms(int queries)
    {
        var predictions = new BatchPredictions(queries, 2);
        for (var query = 0; query < queries; query++)
        {
            predictions.Set(query, 0, 0.5, 0, 0.001);
            predictions.Set(query, 1, 0.5 + (0.5 * CounterRandom.Uniform(7, (ulong)query)), 0, 0.01);
        }

        return predictions;
    }
}
