using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>A tenant with several owners, as callers of the engine see it.</summary>
public sealed class ShardedTenantTests : IAsyncLifetime
{
    private const string Tenant = "acme";
    private const int Shards = 4;

    private static readonly string[] Owners = [.. Enumerable.Range(1, Shards).Select(number => TenantOwner.Name(Tenant, number))];

    private OrleansEngineFixture _fixture = null!;

    private ITenantEngine Engine => _fixture.Engine;

    public async Task InitializeAsync() =>
        _fixture = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture(), options => options.ExchangePeriod = TimeSpan.FromMilliseconds(20));

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Decisions_go_to_all_owners_and_what_becomes_of_them_finds_the_one_that_made_them()
    {
        await ConfigureAsync();
        var decisions = new List<DecisionRecord>();
        for (var i = 0; i < 80; i++)
        {
            decisions.Add(await Engine.DecideAsync(Tenant, TestTenants.Query(i), default));
        }

        Assert.Equal(Owners, decisions.Select(Owner).Distinct().Order(StringComparer.Ordinal));
        Assert.All(decisions, decision => Assert.Equal(Tenant, decision.Tenant));
        Assert.Equal(80, decisions.Select(decision => decision.DecisionId).Distinct().Count());
        foreach (var decision in decisions)
        {
            await Engine.SettleAsync(Tenant, Settlement(decision, 0.001), default);
        }

        FeedbackSubmission[] submissions = [.. decisions.Select(decision => new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = 0.5 }), new FeedbackSubmission { DecisionId = "dec-1-s9-00", Reward = 1 }];
        var receipts = await Engine.SubmitFeedbackAsync(Tenant, submissions, default);
        Assert.Equal(submissions.Select(one => one.DecisionId), receipts.Select(receipt => receipt.DecisionId));
        Assert.All(receipts.SkipLast(1), receipt => Assert.Equal(FeedbackStatus.Accepted, receipt.Status));
        Assert.Equal(FeedbackStatus.UnknownDecision, receipts[^1].Status);
        Assert.All((await Engine.SubmitFeedbackAsync(Tenant, submissions[..^1], default)), receipt => Assert.Equal(FeedbackStatus.Duplicate, receipt.Status));

        var report = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((Tenant, 80, 80), (report.Tenant, report.Decisions, report.RewardsApplied));
        Assert.Equal((80, 80), (report.Arms.Sum(arm => arm.Statistics.Pulls), report.Arms.Sum(arm => arm.Statistics.Rewards)));
        Assert.Equal(0.08, report.SpendUsd, 12);
        Assert.Equal(0, report.ReservedUsd, 12);
        var found = await Engine.FindDecisionsAsync(Tenant, [.. decisions.Select(decision => decision.DecisionId), "dec-1-s9-00", "none"], default);
        Assert.Equal(decisions.Select(decision => decision.DecisionId).Order(), found.Select(one => one.Decision.DecisionId).Order());
        Assert.All(found, one => Assert.Equal(Tenant, one.Decision.Tenant));
        foreach (var decision in decisions)
        {
            var one = (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!;
            Assert.Equal((Tenant, 0.5), (one.Decision.Tenant, one.Reward));
        }

        Assert.Null(await Engine.FindDecisionAsync(Tenant, "dec-1-s9-00", default));
    }

    [Fact]
    public async Task Requests_of_one_user_go_to_one_owner()
    {
        await ConfigureAsync();
        for (var user = 1UL; user <= 8; user++)
        {
            var owners = new HashSet<string>();
            for (var i = 0; i < 6; i++)
            {
                owners.Add(Owner(await Engine.DecideAsync(Tenant, TestTenants.Query(i) with { User = user }, default)));
            }

            Assert.Single(owners);
        }
    }

    [Fact]
    public async Task Owners_hear_of_each_other_without_being_asked()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { User = 1 }, default);
        await Engine.DecideAsync(Tenant, TestTenants.Query() with { User = 2 }, default);
        await Engine.SubmitFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = 1 }], default);
        await Eventually.TrueAsync("the owner of the second user has taken in the first one's reward", async () =>
            (await EventsAsync("acme#3")).OfType<TookInEvent>().Any(tookIn => tookIn.Positions.Any(position => position is { Owner: 2, Ordinal: 1, Sequence: >= 2 })));
    }

    [Fact]
    public async Task A_configuration_is_set_for_all_owners_or_for_none()
    {
        await ConfigureAsync();
        var configuration = Configuration() with { Version = 5 };
        await Engine.ConfigureAsync(Tenant, configuration, default);
        await EverybodyHasAsync(configuration.Version);

        // One owner alone has learned something: for its sake the others are not told either.
        await Engine.DecideAsync(Tenant, TestTenants.Query() with { User = 2 }, default);
        var before = await HeadsAsync();
        var refused = await Assert.ThrowsAsync<PolicyRestartException>(async () => await Engine.ConfigureAsync(Tenant, configuration with { Version = 6, Policy = "linucb" }, default));
        Assert.Equal(["policy"], refused.Forgotten.Members);
        await Assert.ThrowsAsync<OutdatedConfigurationException>(async () => await Engine.ConfigureAsync(Tenant, configuration with { Version = 4 }, default));
        foreach (var shards in (int?[])[null, 2, 16])
        {
            await Assert.ThrowsAsync<ShardedTenantException>(async () => await Engine.ConfigureAsync(Tenant, configuration with { Version = 7, Shards = shards }, default));
        }

        await Assert.ThrowsAsync<ShardedTenantException>(
            async () => await Engine.ConfigureAsync(Tenant, configuration with { Version = 8, Seed = 9 }, PolicyRestart.Relearn, default));
        await Assert.ThrowsAsync<ShardedTenantException>(async () => await Engine.RelearnAsync(Tenant, default));
        Assert.Equal(before.Select(head => head.Tenant), (await HeadsAsync()).Select(head => head.Tenant));
        Assert.DoesNotContain(await ConfigurationsAsync(), one => one.Configuration.Version > 5);

        await Engine.ConfigureAsync(Tenant, configuration with { Version = 9, Policy = "linucb" }, PolicyRestart.Forget, default);
        await EverybodyHasAsync(9);
    }

    [Fact]
    public async Task A_tenant_with_one_owner_does_not_get_others()
    {
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        await Assert.ThrowsAsync<ShardedTenantException>(async () => await Engine.ConfigureAsync(Tenant, Configuration(), default));
        Assert.Equal([Tenant], (await HeadsAsync()).Select(head => head.Tenant));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.ConfigureAsync("acme#2", TestTenants.Configuration(), default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.ConfigureAsync("a#b", TestTenants.Configuration(), default));
    }

    [Fact]
    public async Task Warm_starts_quizzes_and_resets_of_budgets_reach_all_owners()
    {
        await ConfigureAsync(Configuration() with { UsdPerDay = 10 });
        var model = _fixture.Model.Id;
        Assert.Equal((30, false), Told(await Engine.WarmStartAsync(Tenant, TestTenants.WarmStart(30, model), default)));
        Assert.Equal((30, true), Told(await Engine.WarmStartAsync(Tenant, TestTenants.WarmStart(30, model), default)));
        Assert.Equal((5, false), Told(await Engine.QuizAsync(Tenant, TestTenants.Quiz(5, model), default)));
        Assert.Equal((5, true), Told(await Engine.QuizAsync(Tenant, TestTenants.Quiz(5, model), default)));
        for (var user = 0UL; user < Shards; user++)
        {
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { User = Shards + user }, default);
            await Engine.SettleAsync(Tenant, Settlement(decision, 0.25), default);
        }

        var reset = await Engine.ResetBudgetAsync(Tenant, default);
        Assert.Equal((1.0, 0.0), (Assert.Single(reset.Before.Windows).SpentUsd, Assert.Single(reset.After.Windows).SpentUsd));
        Assert.Equal(10, Assert.Single(reset.After.Windows).BudgetUsd, 9);
        foreach (var owner in Owners)
        {
            var events = await EventsAsync(owner);
            Assert.Single(events.OfType<WarmStartedEvent>());
            Assert.Single(events.OfType<QuizzedEvent>());
            Assert.Single(events.OfType<BudgetResetEvent>());
        }

        static (int, bool) Told(WarmStartReceipt receipt) => (receipt.Rows, receipt.Duplicate);
    }

    [Fact]
    public async Task A_tenant_that_is_deleted_leaves_nothing_and_may_come_back_with_other_owners()
    {
        await ConfigureAsync();
        var elsewhere = await _fixture.StartPeerAsync();
        for (var i = 0; i < 40; i++)
        {
            await elsewhere.DecideAsync(Tenant, TestTenants.Query(i), default);
        }

        await Engine.DeleteTenantAsync(Tenant, default);
        Assert.Empty(await HeadsAsync());
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.DecideAsync(Tenant, TestTenants.Query(), default));

        await ConfigureAsync(Configuration() with { Shards = 2 });
        for (var i = 0; i < 40; i++)
        {
            // Whoever has not heard of it asks an owner that is no more, and finds the way from there.
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
            Assert.Contains(Owner(decision), Owners[..2]);
        }

        Assert.Equal(Owners[..2], (await HeadsAsync()).Select(head => head.Tenant).Order(StringComparer.Ordinal));
        await Engine.DeleteTenantAsync(Tenant, default);
        Assert.Empty(await HeadsAsync());
    }

    [Fact]
    public async Task A_tenant_that_was_made_by_half_is_deleted_whole()
    {
        await _fixture.Journal.AppendConfigurationAsync("acme#3", Configuration(), DateTimeOffset.UnixEpoch, default);
        await Engine.DeleteTenantAsync(Tenant, default);
        Assert.Empty(await HeadsAsync());
    }

    [Fact]
    public async Task In_a_flood_on_a_cap_nothing_is_spent_above_it_and_every_part_is_used_up()
    {
        const double Cap = 0.05;
        await ConfigureAsync(Configuration() with { HardCapUsd = Cap, HardCapWindow = TimeSpan.FromDays(1) });
        var (spent, served, refused) = (0.0, new HashSet<string>(), 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 600), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            try
            {
                var request = TestTenants.Query(i) with { MaxOutputTokens = 20 + (i % 9), InputTokensBound = 100, PinnedArm = "medium" };
                var decision = await Engine.DecideAsync(Tenant, request, default);
                lock (served)
                {
                    served.Add(Owner(decision));
                    spent += decision.BoundUsd;
                }

                await Engine.SettleAsync(Tenant, Settlement(decision, decision.BoundUsd), default);
            }
            catch (NoFeasibleArmException refusal)
            {
                Assert.NotNull(refusal.HardCap);
                Interlocked.Increment(ref refused);
            }
        });

        Assert.True(refused > 0);
        Assert.Equal(Owners, served.Order(StringComparer.Ordinal));
        Assert.InRange(spent, 0.97 * Cap, Cap);
        var window = Assert.Single((await Engine.DescribeAsync(Tenant, default)).Windows);
        Assert.InRange(window.SpentUsd, 0.97 * Cap, Cap);
    }

    [Fact]
    public async Task A_call_that_does_not_fit_with_one_owner_is_served_by_another()
    {
        await ConfigureAsync(Configuration() with { HardCapUsd = 0.04 });
        var request = TestTenants.Query() with { User = 1, MaxOutputTokens = 1000, InputTokensBound = 100, PinnedArm = "medium" };
        var owners = new List<string>();
        while (true)
        {
            try
            {
                owners.Add(Owner(await Engine.DecideAsync(Tenant, request, default)));
            }
            catch (NoFeasibleArmException refusal)
            {
                Assert.Equal("over_hard_cap", refusal.Exclusions.Single(one => one.Key == "medium").Value);
                break;
            }
        }

        Assert.Equal(["acme#2", "acme#2", "acme#3", "acme#3", "acme#4", "acme#4", "acme", "acme"], owners);
    }

    [Fact]
    public async Task Owners_come_back_after_a_crash_with_all_that_was_acknowledged()
    {
        await ConfigureAsync();
        for (var i = 0; i < 60; i++)
        {
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
            await Engine.SubmitFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = i % 3 / 2.0 }], default);
        }

        await _fixture.CrashAsync();
        var report = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((60, 60), (report.Decisions, report.RewardsApplied));
        Assert.Equal((60, 60), (report.Arms.Sum(arm => arm.Statistics.Pulls), report.Arms.Sum(arm => arm.Statistics.Rewards)));
        await Eventually.TrueAsync("every owner is what its journals say", async () =>
        {
            for (var number = 2; number <= Shards; number++)
            {
                var lives = await _fixture.Cluster.Grains.GetGrain<ITenantPolicyGrain>(Owners[number - 1]).DescribeAsync(default);
                if (lives.StateHash != (await JournalOracle.FoldAsync(_fixture.Journal, Owners[number - 1], _fixture.Model)).Report().StateHash)
                {
                    return false;
                }
            }

            return true;
        });
    }

    [Fact]
    public async Task Nothing_of_a_tenant_with_shards_is_dropped()
    {
        await ConfigureAsync();
        await Engine.DecideAsync(Tenant, TestTenants.Query() with { User = 1 }, default);
        _fixture.Time.Advance(TimeSpan.FromDays(100));
        Assert.Null(await _fixture.Cluster.Grains.GetGrain<ITenantPolicyGrain>("acme#2").SetBaseAsync(TimeSpan.FromDays(1), default));
        Assert.Null(await _fixture.Journal.FindBaseAsync("acme#2", default));
    }

    private static TenantConfiguration Configuration() => TestTenants.Configuration() with { Shards = Shards };

    private static string Owner(DecisionRecord decision) => TenantOwner.OfDecision(Tenant, decision.DecisionId);

    private static Settlement Settlement(DecisionRecord decision, double costUsd) => new()
    {
        DecisionId = decision.DecisionId,
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(decision.InputTokens, 0, 10),
        CostUsd = costUsd,
        LatencySeconds = 0.5,
    };

    private ValueTask ConfigureAsync(TenantConfiguration? configuration = null) => Engine.ConfigureAsync(Tenant, configuration ?? Configuration(), default);

    private async Task<IReadOnlyList<TenantEvent>> EventsAsync(string owner) => await _fixture.Journal.ReadEventsAsync(owner, 0, 10_000, default);

    private async Task<List<ConfiguredEvent>> ConfigurationsAsync()
    {
        var found = new List<ConfiguredEvent>();
        foreach (var owner in Owners)
        {
            found.AddRange((await EventsAsync(owner)).OfType<ConfiguredEvent>());
        }

        return found;
    }

    private async Task EverybodyHasAsync(long? version)
    {
        foreach (var owner in Owners)
        {
            Assert.Equal(version, (await EventsAsync(owner)).OfType<ConfiguredEvent>().Last().Configuration.Version);
        }
    }

    private async Task<IReadOnlyList<JournalHead>> HeadsAsync() =>
        await _fixture.Journal.ReadHeadsAsync([.. Enumerable.Range(1, TenantOwner.Most).Select(number => TenantOwner.Name(Tenant, number))], default);
}
