using MetaLlm.Core.Tenancy;
using MetaLlm.Evaluation.Challenging;
using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;

namespace MetaLlm.Evaluation.Tests.Challenging;

public sealed class ChallengerTrialTests
{
    private const int Logs = 100;
    private const int Decisions = 1200;
    private const int LookEvery = 50;
    private static readonly PromotionGate Gate = new(Margin: 0, LeastDecisions: 300, LeastEffective: 100);
    private static readonly double[][] Alike = [[0.6, 0.6, 0.6], [0.6, 0.6, 0.6]];

    /// <summary>Each log is looked at every 50 decisions, and counts as promoted where the gate was open at any of these looks.</summary>
    [Theory]
    [InlineData("linucb", "linucb")]
    [InlineData("linucb", "cheapest")]
    [InlineData("linucb", "random")]
    public void A_challenger_that_is_the_champion_or_is_worse_is_not_promoted(string champion, string challenger) =>
        Assert.InRange(Promoted(champion, challenger, floor: 0.3, rewards: null), 0, 5);

    [Fact]
    public void Of_challengers_that_are_as_good_by_other_choices_few_are_promoted() => Assert.InRange(Promoted("cheapest", "random", floor: 0.5, Alike), 0, 5);

    [Theory]
    [InlineData("cheapest", "linucb")]
    [InlineData("random", "linucb")]
    public void A_better_challenger_is_promoted(string champion, string challenger) => Assert.InRange(Promoted(champion, challenger, floor: 0.5, rewards: null), 95, Logs);

    [Fact]
    public void A_trial_that_is_walked_in_parts_says_what_one_walk_says()
    {
        var log = SimulatedLogs.Write("linucb", 0.3, 4, 400);
        TrialFigures At(int every)
        {
            var trial = Trial("cheapest", "linucb");
            Walk(log, trial, (i, figures) => i % every == 0 ? figures() : null);
            return trial.Figures(0);
        }

        Assert.Equal(At(1), At(400));
    }

    [Fact]
    public void Feedback_is_waited_for_and_what_comes_too_late_does_not_count()
    {
        var log = SimulatedLogs.Write("linucb", 0.3, 5, 4);
        var trial = Trial("cheapest", "linucb");
        var at = DateTimeOffset.UnixEpoch;
        foreach (var happened in log.Events.Where(happened => happened is not RewardedEvent))
        {
            trial.Apply(happened);
            if (happened.Sequence == 1)
            {
                log.Decisions.ToList().ForEach(decision => trial.Take(decision.Decision));
            }
        }

        RewardedEvent[] rewards = [.. log.Events.OfType<RewardedEvent>()];
        trial.Apply(rewards[1] with { At = at.AddHours(1), Sequence = 100 });
        trial.Apply(rewards[1] with { At = at.AddHours(2), Sequence = 101, PreviousReward = rewards[1].Reward, Reward = 0.5 });
        trial.CatchUp(at.AddHours(3));
        Assert.Equal((0, 4, 0), (trial.Figures(0).Counted, trial.Figures(0).Waiting, trial.Figures(0).Unrewarded));

        trial.Apply(rewards[0] with { At = at.AddHours(25), Sequence = 102 });
        trial.CatchUp(at.AddHours(25));
        var figures = trial.Figures(0);
        Assert.Equal((1, 0, 3), (figures.Counted, figures.Waiting, figures.Unrewarded));
        Assert.Equal(rewards[1].Reward, figures.LoggedReward);
    }

    [Fact]
    public void Decisions_before_the_day_that_counts_teach_and_do_not_count()
    {
        var log = SimulatedLogs.Write("linucb", 0.3, 6, 300);
        var terms = Terms("cheapest", "linucb") with { Since = DateTimeOffset.UnixEpoch.AddDays(1) };
        var trial = new ChallengerTrial(terms, SimulatedLogs.Configuration("linucb", 0.3, 6));
        Walk(log, trial, (_, _) => null);
        Assert.Equal((0, 0, 0), (trial.Figures(0).Decisions, trial.Figures(0).Counted, trial.Figures(0).Waiting));
    }

    [Fact]
    public void A_log_whose_beginning_is_gone_is_read_by_the_configuration_of_now()
    {
        var log = SimulatedLogs.Write("linucb", 0.3, 7, 300);
        var trial = Trial("cheapest", "linucb");
        Walk(log with { Events = [.. log.Events.Where(happened => happened is not ConfiguredEvent)] }, trial, (_, _) => null);
        Assert.Equal(300, trial.Figures(0).Counted);
    }

    [Fact]
    public void A_gate_that_is_shut_says_what_is_missing()
    {
        var figures = new TrialFigures
        {
            Decisions = 900,
            Counted = 600,
            Waiting = 0,
            Unrewarded = 300,
            LeftOut = 0,
            Behind = 0,
            EffectiveDecisions = 12.4,
            Exploring = (0.02, 3400),
            LoggedReward = 0.5,
            Champion = new TrialSide(0.5, 0.001),
            Challenger = new TrialSide(0.5, 0.001),
            Difference = 0.004,
            Lower = -0.01,
            Upper = 0.02,
        };
        Assert.Equal(
            [
                "It needs 400 more decisions with feedback: 600 of 1,000 are there.",
                "The log is worth 12 decisions of the challenger, and 100 are needed. With an explorationFloor of 0.02, 3,400 decisions with feedback would do.",
                "The difference is between -0.0100 and 0.0200, which holds the margin of 0.0000.",
            ],
            new PromotionGate(0, 1000, 100).Reasons(figures));
        Assert.Equal(["The difference is at most 0.0200, which is not above the margin of 0.0500."], new PromotionGate(0.05, 500, 10).Reasons(figures));
        Assert.Empty(new PromotionGate(-0.05, 500, 10).Reasons(figures));
    }

    private static int Promoted(string champion, string challenger, double floor, double[][]? rewards)
    {
        var promoted = 0;
        Parallel.For(0, Logs, seed =>
        {
            var log = SimulatedLogs.Write("linucb", floor, (ulong)seed, Decisions, rewards);
            var isOpen = false;
            Walk(log, Trial(champion, challenger), (i, figures) =>
            {
                isOpen |= i % LookEvery == 0 && Gate.Reasons(figures()).Count == 0;
                return null;
            });
            Interlocked.Add(ref promoted, isOpen ? 1 : 0);
        });
        return promoted;
    }

    private static ChallengerTrial Trial(string champion, string challenger) => new(Terms(champion, challenger), SimulatedLogs.Configuration("linucb", 0.3, 1));

    private static TrialTerms Terms(string champion, string challenger) => new()
    {
        Champion = () => Target(champion),
        Challenger = () => Target(challenger),
        Alpha = 0.05,
        Wait = TimeSpan.FromHours(24),
    };

    private static TrainedTarget Target(string policy) => new(policy, new Dictionary<string, double>(), priceWeight: null);

    private static void Walk(DecisionLog log, ChallengerTrial trial, Func<int, Func<TrialFigures>, TrialFigures?> look)
    {
        var next = 0;
        for (var i = 0; i < log.Decisions.Count; i++)
        {
            var decision = log.Decisions[i].Decision;
            for (; next < log.Events.Count && log.Events[next].Sequence <= decision.AppliedSequence; next++)
            {
                trial.Apply(log.Events[next]);
            }

            trial.Take(decision);
            look(i + 1, () => trial.Figures(0));
        }

        for (; next < log.Events.Count; next++)
        {
            trial.Apply(log.Events[next]);
        }

        trial.CatchUp(DateTimeOffset.UnixEpoch);
    }
}
