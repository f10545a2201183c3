using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class SeveralOwnersTests
{
    private static readonly World World = new(11, [0.001, 0.002, 0.004]);

    [Theory]
    [InlineData("acme", 1, "acme")]
    [InlineData("acme", 2, "acme#2")]
    [InlineData("a#b", 16, "a#b#16")]
    public void The_name_of_an_owner_leads_back_to_its_tenant(string tenant, int number, string name)
    {
        Assert.Equal(name, TenantOwner.Name(tenant, number));
        Assert.Equal((tenant, number), (TenantOwner.TenantOf(name), TenantOwner.NumberOf(name)));
        Assert.Equal(name, TenantOwner.OfDecision(tenant, TenantOwner.DecisionStem(name, 12) + "0123abcd"));
    }

    [Theory]
    [InlineData("acme#1")]
    [InlineData("acme#17")]
    [InlineData("acme#02")]
    [InlineData("acme#")]
    [InlineData("#2")]
    [InlineData("acme#+2")]
    public void A_name_that_no_owner_has_is_a_tenant(string name) =>
        Assert.Equal((name, 1), (TenantOwner.TenantOf(name), TenantOwner.NumberOf(name)));

    [Theory]
    [InlineData("dec-1-s17-00")]
    [InlineData("dec-1-s1-00")]
    [InlineData("dec-1-s02-00")]
    [InlineData("dec-1-s2")]
    [InlineData("dec-1-2-00")]
    [InlineData("dec-")]
    [InlineData("other-1-s2-00")]
    [InlineData("")]
    public void An_id_that_names_no_owner_is_the_first_owners(string id) => Assert.Equal("acme", TenantOwner.OfDecision("acme", id));

    [Theory]
    [MemberData(nameof(World.Policies), MemberType = typeof(World))]
    public void A_replay_from_the_journals_of_all_owners_gives_the_state_of_each(string policy)
    {
        var owners = Played(World.Configuration(policy, budget: 0.002) with { MaxWeightPerUser = 20, UsdPerHour = 5, UsdPerDay = 20, HardCapUsd = 100, QualityFloor = 0.5, Version = 7 });
        foreach (var (log, number) in owners.Logs.Zip(Enumerable.Range(1, 3)))
        {
            Assert.Equal(log.Save(), Log.Save(owners.Replay(number)));
            Assert.Equal(log.Save(), Log.Save(log.Reload()));
        }
    }

    [Theory]
    [MemberData(nameof(World.Policies), MemberType = typeof(World))]
    public void Who_takes_in_all_of_another_predicts_as_the_other_does(string policy)
    {
        var owners = new Owners(World.Configuration(policy, budget: 0.002), 2);
        World.Play(owners[2], 0, 300);
        var corrected = owners[2].Entries.OfType<RewardedEvent>().First();
        owners[2].Event(corrected with { Sequence = owners[2].State.AppliedSequence + 1, Reward = 1, PreviousReward = corrected.Reward });
        owners[2].Event(corrected with { Sequence = owners[2].State.AppliedSequence + 1, Reward = 1, PreviousReward = 1, Withdrawn = true });
        owners.Exchange();

        var request = new DecisionRequest { Features = World.Query(900) };
        var (own, other) = (owners[2].State.Decide(request, owners[2].Clock), owners[1].State.Decide(request, owners[1].Clock));
        Assert.Equal(own.Arms.Select(Predicted), other.Arms.Select(Predicted));
        Assert.Equal(own.Lambda, other.Lambda);
        Assert.Equal(owners[2].State.Report().Arms.Select(arm => arm.Statistics), owners[1].State.Report().Arms.Select(arm => arm.Statistics));
        Assert.Equal((300, 0), (owners[2].State.Report().Decisions, owners[1].State.Report().Decisions));
        Assert.Equal(0, owners[1].State.Report().SpendUsd);
    }

    [Fact]
    public void Tasks_whose_slots_differ_between_owners_teach_the_same()
    {
        var owners = new Owners(World.Configuration() with { Parts = ContextParts.Task }, 2);
        string[] tags = ["chat", "code", "mail"];
        foreach (var tag in tags)
        {
            Serve(owners[1], tag, 0.1);
        }

        foreach (var tag in tags.Reverse())
        {
            Serve(owners[2], tag, 0.1);
        }

        owners.Exchange();
        for (var i = 0; i < 200; i++)
        {
            Serve(owners[1 + (i % 2)], tags[i % 3], i % 3 == 1 ? 0.9 : 0.2);
        }

        owners.Exchange();
        foreach (var tag in tags)
        {
            var request = new DecisionRequest { Features = Log.Query(77, tag) };
            var (one, two) = (owners[1].State.Decide(request, owners[1].Clock), owners[2].State.Decide(request, owners[2].Clock));
            Assert.All(one.Arms.Zip(two.Arms), pair => Assert.Equal(pair.First.Quality, pair.Second.Quality, 2));
            Assert.All([one.Arms[0], two.Arms[0]], arm => Assert.InRange(arm.Quality, tag == "code" ? 0.7 : 0.1, tag == "code" ? 1 : 0.35));
        }
    }

    [Fact]
    public void Owners_draw_by_streams_of_their_own()
    {
        var owners = new Owners(World.Configuration(), 3);
        var draws = owners.Logs.Select(log => log.Decide(World.Query(1))).ToArray();
        Assert.Equal(3, draws.Select(decision => decision.Draw).Distinct().Count());
        Assert.Equal(3, draws.Select(decision => decision.DecisionId).Distinct().Count());
        Assert.Equal(new Log(World.Configuration()).Decide(World.Query(1)).Draw, draws[0].Draw);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    public void Parts_of_a_cap_never_add_up_to_more_than_the_cap(int shards)
    {
        const double Cap = 0.1;
        var owners = new Owners(World.Configuration() with { HardCapUsd = Cap, HardCapWindow = TimeSpan.FromHours(1) }, shards);
        var held = 0m;
        foreach (var log in owners.Logs)
        {
            for (var i = 0; i < 500; i++)
            {
                try
                {
                    var decision = log.Decide(World.Query(i), request => request with { MaxOutputTokens = 10 + (i % 7), InputTokensBound = 60 });
                    held += (decimal)decision.BoundUsd;
                    if (i % 2 == 0)
                    {
                        log.Settle(decision, decision.BoundUsd);
                    }
                }
                catch (NoFeasibleArmException refused)
                {
                    Assert.NotNull(refused.HardCap);
                    break;
                }
            }
        }

        Assert.InRange(held, 0.9m * (decimal)Cap, (decimal)Cap);
        owners.Exchange();
        Assert.Throws<NoFeasibleArmException>(() => owners[2].Decide(World.Query(1), request => request with { MaxOutputTokens = 100, InputTokensBound = 60 }));
    }

    [Fact]
    public void The_price_of_money_rises_with_what_others_spend()
    {
        var owners = new Owners(World.Configuration(budget: 0.001) with { UsdPerDay = 20 }, 2);
        World.Play(owners[1], 0, 50);
        var before = owners[1].State.Report().Lambda;
        for (var i = 0; i < 200; i++)
        {
            var decision = owners[2].Decide(World.Query(i));
            owners[2].Settle(decision, 0.01);
        }

        owners.Exchange();
        var report = owners[1].State.Report();
        Assert.True(report.Lambda > before, $"{report.Lambda} after, {before} before");

        // Windows are paced by what all have left and by everybody's requests; the part that is left is one's own.
        var day = Assert.Single(report.Windows);
        Assert.Equal(10, day.BudgetUsd);
        Assert.Equal(10 - day.SpentUsd, day.LeftUsd, 9);
        Assert.Equal(Assert.Single(owners[2].State.Report().Windows).TargetUsdPerRequest, day.TargetUsdPerRequest, 9);
    }

    [Fact]
    public void A_budget_that_another_owner_begins_anew_has_its_money_again_here()
    {
        var owners = new Owners(World.Configuration() with { UsdPerDay = 1 }, 2);
        owners[2].Settle(owners[2].Decide(World.Query(1)), 0.4);
        owners.Exchange();
        var spent = Target();
        owners[2].Event(new BudgetResetEvent { Sequence = owners[2].State.AppliedSequence + 1, At = owners[2].Clock });
        owners.Exchange();
        Assert.Equal(1 / 0.6, Target() / spent, 6);

        double Target() => Assert.Single(owners[1].State.Report().Windows).TargetUsdPerRequest;
    }

    [Fact]
    public void What_does_not_follow_is_refused_and_changes_nothing()
    {
        var owners = new Owners(World.Configuration(), 2);
        World.Play(owners[2], 0, 3);
        var (state, before) = (owners[1].State, owners[1].Save());
        var decisions = owners[2].Entries.OfType<DecisionRecord>().ToArray();
        Assert.Throws<InvalidOperationException>(() => state.TakeIn(2, decisions[1]));
        Assert.Throws<InvalidOperationException>(() => state.TakeIn(3, decisions[0]));
        Assert.Throws<InvalidOperationException>(() => state.TakeIn(1, decisions[0]));
        Assert.Throws<InvalidOperationException>(() => state.TakeIn(2, owners[2].Entries.OfType<SettledEvent>().First()));
        var missing = Assert.Throws<InvalidOperationException>(() => state.Apply(new TookInEvent { Sequence = 2, At = owners[1].Clock, Positions = [new TakenPosition(2, 1, 1)] }));
        Assert.Contains("owner 2 up to decision 1 and event 1", missing.Message, StringComparison.Ordinal);
        Assert.Equal(before, owners[1].Save());
    }

    [Fact]
    public void A_policy_of_several_owners_is_not_rebuilt_from_one_journal()
    {
        var log = new Owners(World.Configuration(), 2)[1];
        Assert.Contains("several owners", Assert.Throws<InvalidOperationException>(() => log.Relearn(log.State.Configuration!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_owners_learn_as_one_does()
    {
        // Regret of a thousand requests of a tenant that starts cold, by seeds; owners take each other in every 16 requests.
        double[] one = [.. Enumerable.Range(1, 10).Select(seed => Regret(seed, 1, 16))];
        double[] four = [.. Enumerable.Range(1, 10).Select(seed => Regret(seed, 4, 16))];
        double[] apart = [.. Enumerable.Range(1, 10).Select(seed => Regret(seed, 4, int.MaxValue))];
        var differences = four.Zip(one, (a, b) => a - b).ToArray();
        var error = Math.Sqrt(differences.Sum(d => Math.Pow(d - differences.Average(), 2)) / 9 / 10);
        var text = $"one {one.Average():F1}, four {four.Average():F1}, difference {differences.Average():F2} with standard error {error:F2}, four apart {apart.Average():F1}";
        Assert.True(differences.Average() < Math.Max(2 * error, 0.05 * one.Average()), text);
        Assert.True(apart.Average() > 1.2 * four.Average(), text);
    }

    private static double Regret(int seed, int shards, int every)
    {
        var world = new World((ulong)seed, [0.001, 0.001, 0.001]);
        var owners = new Owners(world.Configuration(), shards);
        var regret = 0.0;
        for (var t = 0; t < 1000; t++)
        {
            if (shards > 1 && t > 0 && t % every == 0)
            {
                owners.Exchange();
            }

            regret += world.Play(owners[1 + (t % shards)], t, 1)[0];
        }

        return regret;
    }

    private static Owners Played(TenantConfiguration configuration)
    {
        var owners = new Owners(configuration with { Arms = [.. configuration.Arms.Select(arm => arm with { MaxOutputTokens = 200 })] }, 3);
        string?[] tags = ["a", "b", null, "c"];
        for (var t = 0; t < 240; t++)
        {
            var log = owners[1 + (t % 3)];
            log.Clock = log.Clock.AddSeconds(1 + (t % 5));
            var decision = log.Decide(Log.Query((ulong)t, tags[(t * 7 / 3) % 4]), request => request with { User = (ulong)(t % 5), PinnedArm = t % 11 == 0 ? "arm1" : null });
            if (t % 13 == 5)
            {
                var to = decision.Arms.First(arm => arm.ArmId != decision.ChosenArm);
                var facts = log.Reroute(DecisionFacts.Of(decision), to);
                var failed = new FailedAttempt(decision.ChosenArm, FailureKind.Timeout, default, 0.0005, 2);
                log.Settle(decision, 0.001, facts: facts, attempts: failed);
            }
            else
            {
                log.Settle(decision, 0.001 * (1 + (t % 3)), outcome: t % 17 == 3 ? CallOutcome.Cut : CallOutcome.Completed);
            }

            if (t % 4 != 1)
            {
                log.Reward(decision, t % 10 / 10.0);
            }

            if (t % 30 == 29)
            {
                owners.Exchange();
            }
        }

        owners.Exchange();
        return owners;
    }

    private static void Serve(Log log, string tag, double reward)
    {
        var decision = log.Decide(Log.Query(5, tag), request => request with { PinnedArm = "arm0" });
        log.Settle(decision, 0.001);
        log.Reward(decision, reward);
    }

    private static (string, double, double, double, double) Predicted(ArmAssessment arm) => (arm.ArmId, arm.Quality, arm.QualityDeviation, arm.CostUsd, arm.LatencySeconds);
}
