using MetaLlm.Core.Tenancy;
using MetaLlm.Evaluation.Estimation;
using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;

namespace MetaLlm.Evaluation.Tests.Estimation;

/// <summary>What is printed holds, whatever wrote the log: a policy that is sure of itself, one that explores a little, the default one, with an exploration floor and without.</summary>
public sealed class EvidenceTests
{
    private const int Seeds = 60;
    private const int Decisions = 700;

    [Theory]
    [InlineData("best-single", null)]
    [InlineData("linucb", null)]
    [InlineData("epsilon-greedy", null)]
    [InlineData("metallm", null)]
    [InlineData("linucb", 0.3)]
    [InlineData("metallm", 0.3)]
    public void The_truth_lies_in_the_printed_intervals(string policy, double? floor)
    {
        var (headline, asymptotic, printed, runs) = (0, 0, 0, 0);
        Parallel.For(0, Seeds, seed =>
        {
            var log = SimulatedLogs.Write(policy, floor, (ulong)seed, Decisions);
            foreach (var target in (Remembering[])[.. SimulatedLogs.ArmIds.Select(id => new Remembering(new FixedArmTarget(id))), new(new UniformTarget()), new(new TrainedTarget("linucb", new Dictionary<string, double>(), null))])
            {
                var report = new OffPolicyEvaluator(log, switchAt: null, resamples: 0).Evaluate(target);
                var truth = target.Truth();
                Interlocked.Increment(ref runs);
                Interlocked.Add(ref headline, Holds(report.RewardInterval, truth) ? 1 : 0);
                foreach (var estimate in report.Reward.Where(e => e.Estimator is "ips" or "dr"))
                {
                    Interlocked.Increment(ref printed);
                    Interlocked.Add(ref asymptotic, Holds(estimate.Normal, truth) ? 1 : 0);
                }
            }
        });

        Assert.True(headline >= 0.95 * runs, $"{headline} of {runs} headlines hold.");
        Assert.True(asymptotic >= 0.95 * printed || printed < 20, $"{asymptotic} of {printed} asymptotic intervals hold.");
        Assert.True(floor is null || printed > runs, $"{printed} intervals of {runs} logs: the floor is there so that there are some.");
    }

    [Fact]
    public void An_arm_that_a_greedy_log_hardly_tried_is_not_estimated()
    {
        for (var seed = 0UL; seed < 10; seed++)
        {
            var evaluator = new OffPolicyEvaluator(SimulatedLogs.Write("linucb", null, seed, Decisions), switchAt: null, resamples: 0);
            var seldom = SimulatedLogs.ArmIds.Select(id => evaluator.Evaluate(new FixedArmTarget(id))).Where(r => r.Weights.ZeroShare > 0.9).ToArray();
            Assert.NotEmpty(seldom);
            Assert.All(seldom, r => Assert.True(!r.Evidence.IsSufficient && r.Reward.Count == 0 && r.Cost.Count == 0, $"{seed} {r.Target}"));
        }
    }

    [Fact]
    public void Choices_that_were_never_drawn_count_against_the_log_all_the_same()
    {
        // A fifth of the policy's choices had 0.5 % each, and chance drew none of them: every weight that there is looks fine.
        OffPolicySample[] samples = [.. Enumerable.Range(0, 1000).Select(i => i % 5 == 0
            ? new OffPolicySample(0, 1, [0.995, 0.005], [0, 1], [0.5, 0.5])
            : new OffPolicySample(0, 1, [0.995, 0.005], [1, 0], [0.5, 0.5]))];

        Assert.True(WeightDiagnostics.Of(samples).EffectiveSampleSize > 700);
        var evidence = Evidence.Of(samples);
        Assert.False(evidence.IsSufficient);
        Assert.Equal(0.2, evidence.UnexploredShare, 12);
        Assert.Equal([0.01, 0.02, 0.05, 0.1], evidence.Needed.Select(n => n.ExplorationFloor));
        Assert.True(evidence.Needed[0].Decisions > evidence.Needed[3].Decisions);
    }

    [Fact]
    public void As_many_decisions_as_are_said_to_be_needed_are_enough()
    {
        OffPolicySample[] Greedy(int n, double floor) => [.. Enumerable.Range(0, n).Select(_ => new OffPolicySample(0, 1, [1 - floor + (floor / 2), floor / 2], [0, 1], [0.5, 0.5]))];
        foreach (var need in Evidence.Of(Greedy(50, 0)).Needed)
        {
            Assert.True(Evidence.Of(Greedy((int)need.Decisions, need.ExplorationFloor)).IsSufficient);
            Assert.False(Evidence.Of(Greedy((int)need.Decisions * 9 / 10, need.ExplorationFloor)).IsSufficient);
        }
    }

    private static bool Holds(double[] ends, double truth) => ends[0] <= truth && truth <= ends[1];

    /// <summary>Remembers what a policy would have done, to tell what it is truly worth on the log's queries.</summary>
    private sealed class Remembering(ITargetPolicy target) : ITargetPolicy
    {
        private readonly List<double> _values = [];

        public string Name => target.Name;

        public double Truth() => _values.Average();

        public void Apply(TenantEvent tenantEvent) => target.Apply(tenantEvent);

        public double[]? Propensities(LoggedDecision logged)
        {
            var propensities = target.Propensities(logged);
            _values.Add(propensities!.Select((p, a) => p * SimulatedLogs.Rewards[SimulatedLogs.Kind(logged.Decision)][a]).Sum());
            return propensities;
        }
    }
}
