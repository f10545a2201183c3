using MetaLlm.Core.Bandits.TrackAndStop;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.TrackAndStop;

public sealed class TrackAndStopTests
{
    [Fact]
    public void Two_arms_are_sampled_alike_and_equal_rivals_get_equal_shares()
    {
        var share = new double[2];
        SamplingProportions.Solve([true, true], [0.4, 0.7], 1, 1e-9, share);
        Assert.All(share, s => Assert.Equal(0.5, s, 1e-9));
        var five = new double[5];
        SamplingProportions.Solve([true, true, true, true, true], [0.7, 0.2, 0.2, 0.2, 0.2], 0, 1e-9, five);

        // Four rivals: squares sum to 1, so each has half of what the best has.
        Assert.Equal(1.0 / 3, five[0], 1e-9);
        Assert.All(five[1..], s => Assert.Equal(1.0 / 6, s, 1e-9));
    }

    [Theory]
    [InlineData(0.8, 0.5, 0.7)]
    [InlineData(0.9, 0.1, 0.85)]
    public void Proportions_gather_more_evidence_than_any_on_a_grid(double best, double second, double third)
    {
        double[] score = [best, second, third];
        var share = new double[3];
        SamplingProportions.Solve([true, true, true], score, 0, 1e-9, share);
        Assert.Equal(1, share.Sum(), 1e-12);
        var reached = Evidence(share, score);
        var bestOnGrid = 0.0;
        for (var i = 1; i < 400; i++)
        {
            for (var j = 1; i + j < 400; j++)
            {
                bestOnGrid = Math.Max(bestOnGrid, Evidence([i / 400.0, j / 400.0, 1 - ((i + j) / 400.0)], score));
            }
        }

        Assert.InRange(reached, bestOnGrid, bestOnGrid * 1.01);
    }

    [Fact]
    public void An_infeasible_arm_takes_no_part()
    {
        var share = new double[3];
        SamplingProportions.Solve([true, false, true], [0.4, 0.9, 0.7], 2, 1e-9, share);
        Assert.Equal([0.5, 0.0, 0.5], share.Select(s => Math.Round(s, 9)));
    }

    [Fact]
    public void It_stops_once_the_best_arm_is_certain_and_resumes_when_rewards_change()
    {
        var driver = new PolicyDriver("track-and-stop", new(1, 1, 0, 0), 2);
        var x = PolicyDriver.Context(2, 1);
        for (var i = 0; i < 9; i++)
        {
            driver.Reward(i % 2, x, 0.5);
        }

        // Nothing tells two equal arms apart: it samples both alike.
        Assert.Equal([0.5, 0.5], driver.Decide(x).Propensity.Select(p => Math.Round(p, 9)));
        for (var i = 0; i < 60; i++)
        {
            driver.Reward(i % 2, x, i % 2 == 0 ? 0.8 : 0.3 + (0.1 * (i % 3)));
        }

        Assert.Equal([1.0, 0.0], driver.Decide(x).Propensity);
        for (var i = 0; i < 60; i++)
        {
            driver.Reward(0, x, i % 2 == 0 ? 0.1 : 0.3);
        }

        Assert.True(driver.Decide(x).Propensity.Max() < 1);
    }

    [Fact]
    public void A_wrong_stop_is_rarer_than_delta()
    {
        var (wrong, right) = (0, 0);
        for (ulong run = 0; run < 200; run++)
        {
            var driver = new PolicyDriver("track-and-stop", new(1, 0, 0, 0), 2, new() { ["delta"] = 0.1, ["tolerance"] = 1e-6 });
            float[] x = [1];
            var pulls = new int[2];
            for (ulong i = 0; i < 400; i++)
            {
                var propensity = driver.Decide(x).Propensity;

                // An arm that lacks its first pulls is certain to get them; that is no stop.
                if (pulls.Min() >= 10 && propensity.Max() >= 1)
                {
                    _ = propensity[1] < 1 ? wrong++ : right++;
                    break;
                }

                var arm = Core.Numerics.CounterRandom.Uniform(run, 2 * i) < propensity[0] ? 0 : 1;
                pulls[arm]++;
                driver.Choose(arm);
                driver.Reward(arm, x, Core.Numerics.CounterRandom.Uniform(run, (2 * i) + 1) < (arm == 1 ? 0.6 : 0.4) ? 1 : 0);
            }
        }

        Assert.InRange(wrong, 0, 20);

        // One that never stopped would never be wrong either.
        Assert.InRange(right, 150, 200);
    }

    // Smallest transport cost to an instance where another arm is best, normal rewards of variance 1.
    private static double Evidence(double[] share, double[] score) => Enumerable.Range(1, 2).Min(a =>
        share[0] * share[a] / (share[0] + share[a]) * Math.Pow(score[0] - score[a], 2) / 2);
}
