using MetaLlm.Core.Conversations;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Rollout;

public sealed class CanaryTests
{
    private static readonly TenantConfiguration Three = new()
    {
        Arms = [Log.Arm("old", 0.001), Log.Arm("new", 0.001), Log.Arm("other", 0.001)],
        Policy = "linucb",
        ExplorationFloor = 0.3,
        Canary = new CanarySettings { Arm = "new", Share = 0.1 },
    };

    [Fact]
    public void It_gets_its_share_of_the_users_and_propensities_say_so_exactly()
    {
        var log = new Log(Three);
        var hers = 0;
        for (var i = 0; i < 3000; i++)
        {
            var decision = Decide(log, i, unit: (ulong)i + 1);
            hers += decision.ChosenArm == "new" ? 1 : 0;
            Assert.Equal(0.1, decision.Arms[1].Propensity);
            Assert.Equal(1, decision.Arms.Sum(arm => arm.Propensity), 12);
            Assert.Equal(decision.Propensity, decision.Arms.Single(arm => arm.ArmId == decision.ChosenArm).Propensity);
            Assert.NotEqual("new", decision.GreedyArm);
            Assert.Equal(decision.ChosenArm, DrawnBy(decision));
        }

        Assert.InRange(hers, 230, 370);
    }

    [Fact]
    public void A_user_stays_and_a_larger_share_keeps_those_that_it_had()
    {
        var log = new Log(Three);
        var before = Users(log);
        Assert.Equal(before, Users(log));
        log.Configure(Three with { Canary = Three.Canary! with { Share = 0.3 } });
        var after = Users(log);
        Assert.Subset(after, before);
        Assert.InRange(after.Count, 2 * before.Count, 5 * before.Count);
        log.Configure(Three with { Canary = Three.Canary! with { Share = 0 } });
        Assert.Empty(Users(log));
    }

    [Fact]
    public void Without_a_user_each_request_is_drawn_for_itself()
    {
        var log = new Log(Three with { Canary = Three.Canary! with { Share = 0.5 } });
        Assert.InRange(Enumerable.Range(0, 400).Count(i => Decide(log, i, unit: 0).ChosenArm == "new"), 150, 250);
    }

    [Fact]
    public void What_other_policies_would_have_earned_is_estimated_without_a_bias()
    {
        var log = new Log(Three);
        var (sum, squares) = (0.0, 0.0);
        const int N = 4000;
        for (var i = 0; i < N; i++)
        {
            var decision = Decide(log, i, unit: (ulong)i + 1);
            var reward = decision.ChosenArm == "new" ? 0.7 : 0.4;
            log.Settle(decision, 0.001);
            log.Reward(decision, reward);

            // The value of serving everything by the canary.
            var term = decision.ChosenArm == "new" ? reward / decision.Propensity : 0;
            sum += term;
            squares += term * term;
        }

        var mean = sum / N;
        var error = Math.Sqrt(((squares / N) - (mean * mean)) / N);
        Assert.InRange(mean, 0.7 - (4 * error), 0.7 + (4 * error));
    }

    [Fact]
    public void A_caller_who_names_a_model_gets_it()
    {
        var log = new Log(Three);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal("new", log.Decide(Log.Query((ulong)i), request => request with { PinnedArm = "new", Unit = (ulong)i + 1 }).ChosenArm));
    }

    [Fact]
    public void A_conversation_stays_where_it_began()
    {
        var log = new Log(Three with { Conversations = new ConversationSettings(), Canary = Three.Canary! with { Share = 0.5 } });
        for (ulong session = 1; session <= 30; session++)
        {
            var first = Turn(session, 0);
            for (var turn = 1; turn < 4; turn++)
            {
                var next = Turn(session, turn);
                Assert.Equal(first.ChosenArm == "new", next.ChosenArm == "new");
            }
        }

        DecisionRecord Turn(ulong session, int turn)
        {
            var decision = log.Decide(Log.Query((session * 10) + (ulong)turn), request => request with { Unit = session, Conversation = new ConversationTurn { Key = session } });
            log.Settle(decision, 0.001);
            return decision;
        }
    }

    [Fact]
    public void One_that_earns_less_is_stopped_and_serves_nobody_any_more()
    {
        var log = new Log(Three);
        var at = Play(log, 4000, (arm, _) => arm == "new" ? 0.4 : 0.8, _ => false);
        Assert.InRange(at, 1, 3000);
        var report = log.State.Report().Canary!;
        Assert.Equal((CanaryStop.Reward, log.Clock), (report.Stop, report.StoppedAt!.Value));
        Assert.True(report.Canary.RewardBound < report.Others.RewardBound);
        for (var i = 0; i < 200; i++)
        {
            var decision = Decide(log, i, unit: (ulong)i + 1);
            Assert.NotEqual("new", decision.ChosenArm);
            Assert.Equal((ArmExclusions.CanaryStopped, 0), (decision.Arms[1].Exclusion, decision.Arms[1].Propensity));
        }

        Assert.Equal("new", log.Decide(Log.Query(1), request => request with { AllowedArms = ["new"] }).ChosenArm);
        log.Configure(Three with { Canary = null });
        Assert.Null(log.State.Report().Canary);
        log.Configure(Three);
        Assert.Equal(CanaryStop.None, log.State.Report().Canary!.Stop);
    }

    [Fact]
    public void One_that_fails_more_often_is_stopped()
    {
        var log = new Log(Three);
        var at = Play(log, 4000, (_, _) => 0.5, arm => arm == "new");
        Assert.InRange(at, 1, 1500);
        Assert.Equal(CanaryStop.Failures, log.State.Report().Canary!.Stop);
    }

    [Fact]
    public void What_is_tolerated_stops_nothing()
    {
        var log = new Log(Three with { Canary = Three.Canary! with { Tolerance = 0.5 } });
        Assert.Equal(-1, Play(log, 2500, (arm, _) => arm == "new" ? 0.4 : 0.8, _ => false));
    }

    [Fact]
    public void A_state_with_a_canary_is_read_as_it_was_and_replayed_to_the_same_bytes()
    {
        var log = new Log(Three with { Version = 3, Conversations = new ConversationSettings() });
        Play(log, 300, (arm, i) => arm == "new" ? 0.4 : 0.8 * (i % 2), arm => arm == "new");
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.State.Configuration!.Canary, log.Reload().Configuration!.Canary);
        Assert.Equal(log.State.Report().Canary, log.Reload().Report().Canary);
    }

    [Theory]
    [InlineData("gone", 0.1, 0.05, 0, "Canary.Arm")]
    [InlineData("new", 0.6, 0.05, 0, "Canary.Share")]
    [InlineData("new", 0.1, 0.0, 0, "Canary.FalseStops")]
    [InlineData("new", 0.1, 0.05, 2, "Canary.Tolerance")]
    public void A_mistake_is_named(string arm, double share, double falseStops, double tolerance, string field)
    {
        var canary = new CanarySettings { Arm = arm, Share = share, FalseStops = falseStops, Tolerance = tolerance };
        Assert.Equal(field, Assert.Single(TenantConfigurationValidator.Validate(Three with { Canary = canary })).Field);
    }

    [Fact]
    public void It_is_none_of_a_tenant_with_several_owners() =>
        Assert.Equal("Canary", Assert.Single(TenantConfigurationValidator.Validate(Three with { Shards = 2 })).Field);

    /// <returns>After how many decisions it was stopped; -1 when it was not.</returns>
    private static int Play(Log log, int count, Func<string, int, double> reward, Func<string, bool> fails)
    {
        for (var i = 0; i < count; i++)
        {
            var decision = Decide(log, i, unit: (ulong)i + 1);
            FailedAttempt[] attempts = fails(decision.ChosenArm) && i % 2 == 0 ? [new FailedAttempt(decision.ChosenArm, FailureKind.ServerError, default, 0, 1)] : [];
            log.Settle(decision, 0.001, attempts: attempts);
            log.Reward(decision, reward(decision.ChosenArm, i));
            if (log.State.Report().Canary!.Stop != CanaryStop.None)
            {
                return i + 1;
            }
        }

        return -1;
    }

    private static HashSet<ulong> Users(Log log) =>
        [.. Enumerable.Range(1, 300).Select(user => (ulong)user).Where(user => Decide(log, (int)user, user).ChosenArm == "new")];

    private static DecisionRecord Decide(Log log, int i, ulong unit) => log.Decide(Log.Query((ulong)i), request => request with { Unit = unit });

    private static string DrawnBy(DecisionRecord decision)
    {
        var cumulated = 0.0;
        foreach (var arm in decision.Arms)
        {
            cumulated += arm.Propensity;
            if (decision.Draw < cumulated)
            {
                return arm.ArmId;
            }
        }

        return decision.Arms.Last(arm => arm.Propensity > 0).ArmId;
    }
}
