using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.InProcess.Tests;

public sealed class MaintenanceTests
{
    private const string Tenant = "acme";

    [Fact]
    public async Task Maintenance_charges_calls_that_nobody_settled()
    {
        await using var fixture = new InProcessEngineFixture(
            new InMemoryStoreFixture(), new TenantRuntimeOptions { UnsettledLimit = TimeSpan.FromMinutes(1) });
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        fixture.Time.Advance(TimeSpan.FromMinutes(2));

        await fixture.InProcess.MaintainAsync(default);

        var report = await fixture.Engine.DescribeAsync(Tenant, default);
        Assert.Equal(decision.ReservedUsd, report.SpendUsd, 12);
        Assert.Equal(0, report.ReservedUsd, 12);
    }

    [Fact]
    public async Task Maintenance_gives_decisions_without_feedback_their_default_and_feedback_corrects_it()
    {
        await using var fixture = new InProcessEngineFixture(new InMemoryStoreFixture());
        var configuration = TestTenants.Configuration();
        await fixture.Engine.ConfigureAsync(Tenant, configuration, default);
        await CallAsync(fixture, 0);
        var missing = new MissingReward { Value = 0, After = TimeSpan.FromMinutes(10), Weight = 0.5 };
        await fixture.Engine.ConfigureAsync(Tenant, configuration with { MissingReward = missing }, default);
        var (silent, late, told) = (await CallAsync(fixture, 1), await CallAsync(fixture, 2), await CallAsync(fixture, 3));
        await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(told, 1)], default);
        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        await fixture.InProcess.MaintainAsync(default);
        Assert.Equal(0, (await fixture.Engine.DescribeAsync(Tenant, default)).RewardsDefaulted);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.InProcess.MaintainAsync(default);
        await fixture.InProcess.MaintainAsync(default);
        var defaulted = await fixture.Engine.DescribeAsync(Tenant, default);
        await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(late, 1)], default);

        Assert.Equal((2, 3), (defaulted.RewardsDefaulted, defaulted.RewardsApplied));
        Assert.Null((await fixture.Journal.ReadEventsAsync(Tenant, 0, 100, default)).OfType<RewardedEvent>().FirstOrDefault(r => r.Decision.Ordinal == 1));
        Assert.Equal((0, 0.5, 0), await InForceAsync(fixture, silent));
        Assert.Equal((1, 1, 1), await InForceAsync(fixture, late));
        Assert.Equal((1, 1, 1), await InForceAsync(fixture, told));
        var hash = (await fixture.Engine.DescribeAsync(Tenant, default)).StateHash;
        await fixture.CrashAsync();
        Assert.Equal(hash, (await fixture.Engine.DescribeAsync(Tenant, default)).StateHash);
        await fixture.InProcess.MaintainAsync(default);
        Assert.Equal(hash, (await fixture.Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [Fact]
    public async Task Maintenance_imputes_what_did_not_come_once_the_model_has_passed_its_check_and_feedback_corrects_it()
    {
        await using var fixture = new InProcessEngineFixture(new InMemoryStoreFixture());
        var missing = new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromMinutes(10), Weight = 0.25 };
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { MissingReward = missing }, default);
        var early = await CallAsync(fixture, 0);
        for (var i = 1; i <= 900; i++)
        {
            await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(await CallAsync(fixture, i), 0.75)], default);
        }

        fixture.Time.Advance(TimeSpan.FromMinutes(11));
        var (silent, late) = (await CallAsync(fixture, 901), await CallAsync(fixture, 902));
        Assert.Equal(ImputationStatus.On, (await fixture.Engine.DescribeAsync(Tenant, default)).Imputation!.Status);
        fixture.Time.Advance(TimeSpan.FromMinutes(11));
        await fixture.InProcess.MaintainAsync(default);
        await fixture.InProcess.MaintainAsync(default);

        Assert.Equal(3, (await fixture.Engine.DescribeAsync(Tenant, default)).RewardsDefaulted);
        foreach (var id in new[] { early, silent, late })
        {
            var (reward, weight, feedback) = await InForceAsync(fixture, id);
            Assert.InRange(reward!.Value, 0.7, 0.8);
            Assert.Equal((0.25, 0), (weight, feedback));
        }

        await fixture.Engine.SubmitFeedbackAsync(Tenant, [Feedback(late, 1)], default);
        var report = await fixture.Engine.DescribeAsync(Tenant, default);
        Assert.Equal((1, 1, 1), await InForceAsync(fixture, late));
        Assert.Equal(1, report.Imputation!.LateCount);
        await fixture.CrashAsync();
        Assert.Equal(report.StateHash, (await fixture.Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    private static FeedbackSubmission Feedback(string id, double reward) => new() { DecisionId = id, Reward = reward, IdempotencyKey = "k" };

    private static async Task<string> CallAsync(InProcessEngineFixture fixture, int query)
    {
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(query), default);
        await fixture.Engine.SettleAsync(
            Tenant,
            new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 10) },
            default);
        return decision.DecisionId;
    }

    private static async Task<(double? Reward, double Weight, int Feedback)> InForceAsync(InProcessEngineFixture fixture, string id)
    {
        var found = await fixture.Engine.FindDecisionAsync(Tenant, id, default);
        return (found!.Reward, found.RewardWeight, found.FeedbackCount);
    }

    [Fact]
    public async Task Maintenance_leaves_tenants_in_use_in_memory()
    {
        await using var fixture = new InProcessEngineFixture(new InMemoryStoreFixture());
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        fixture.Time.Advance(InProcessEngineFixture.IdleTimeout - TimeSpan.FromTicks(1));

        await fixture.InProcess.MaintainAsync(default);
        Assert.Null(await fixture.Snapshots.LoadAsync(Tenant, default));

        fixture.Time.Advance(TimeSpan.FromTicks(1));
        await fixture.InProcess.MaintainAsync(default);
        Assert.NotNull(await fixture.Snapshots.LoadAsync(Tenant, default));
    }
}
