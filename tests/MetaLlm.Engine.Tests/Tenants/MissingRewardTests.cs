using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

/// <summary>Sweeps give decisions without feedback what the configuration says; feedback that comes later corrects it.</summary>
public sealed class MissingRewardTests
{
    private const string Tenant = RuntimeHarness.Tenant;

    [Fact]
    public async Task Decisions_without_feedback_get_their_default_and_feedback_corrects_it()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await CallAsync(harness, 0);
        var missing = new MissingReward { Value = 0, After = TimeSpan.FromMinutes(10), Weight = 0.5 };
        await harness.Runtime.ConfigureAsync(TestTenants.Configuration() with { MissingReward = missing }, PolicyRestart.Refuse, default);
        var (silent, late, told) = (await CallAsync(harness, 1), await CallAsync(harness, 2), await CallAsync(harness, 3));
        await RewardAsync(harness, told, 1);
        harness.Time.Advance(TimeSpan.FromMinutes(10));
        await harness.Runtime.SweepAsync(default);
        Assert.Equal(0, (await harness.Runtime.DescribeAsync(default)).RewardsDefaulted);

        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await harness.Runtime.SweepAsync(default);
        await harness.Runtime.SweepAsync(default);
        var defaulted = await harness.Runtime.DescribeAsync(default);
        await RewardAsync(harness, late, 1);

        Assert.Equal((2, 3), (defaulted.RewardsDefaulted, defaulted.RewardsApplied));
        Assert.Null((await harness.Journal.ReadEventsAsync(Tenant, 0, 100, default)).OfType<RewardedEvent>().FirstOrDefault(r => r.Decision.Ordinal == 1));
        Assert.Equal((0, 0.5, 0), await InForceAsync(harness, silent));
        Assert.Equal((1, 1, 1), await InForceAsync(harness, late));
        Assert.Equal((1, 1, 1), await InForceAsync(harness, told));
        await NextOwnerAgreesAsync(harness);
    }

    [Fact]
    public async Task What_did_not_come_is_imputed_once_the_model_has_passed_its_check_and_feedback_corrects_it()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        var missing = new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromMinutes(10), Weight = 0.25 };
        await harness.Runtime.ConfigureAsync(TestTenants.Configuration() with { MissingReward = missing }, PolicyRestart.Refuse, default);
        var early = await CallAsync(harness, 0);
        for (var i = 1; i <= 900; i++)
        {
            await RewardAsync(harness, await CallAsync(harness, i), 0.75);
        }

        harness.Time.Advance(TimeSpan.FromMinutes(11));
        var (silent, late) = (await CallAsync(harness, 901), await CallAsync(harness, 902));
        Assert.Equal(ImputationStatus.On, (await harness.Runtime.DescribeAsync(default)).Imputation!.Status);
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        await harness.Runtime.SweepAsync(default);
        await harness.Runtime.SweepAsync(default);

        Assert.Equal(3, (await harness.Runtime.DescribeAsync(default)).RewardsDefaulted);
        foreach (var id in new[] { early, silent, late })
        {
            var (reward, weight, feedback) = await InForceAsync(harness, id);
            Assert.InRange(reward!.Value, 0.7, 0.8);
            Assert.Equal((0.25, 0), (weight, feedback));
        }

        await RewardAsync(harness, late, 1);
        Assert.Equal((1, 1, 1), await InForceAsync(harness, late));
        Assert.Equal(1, (await harness.Runtime.DescribeAsync(default)).Imputation!.LateCount);
        await NextOwnerAgreesAsync(harness);
    }

    /// <summary>The journal alone gives the same state, and there is nothing left to sweep.</summary>
    private static async Task NextOwnerAgreesAsync(RuntimeHarness harness)
    {
        var hash = await RuntimeHarness.HashAsync(harness.Runtime);
        var next = harness.StartOther();
        Assert.Equal(hash, await RuntimeHarness.HashAsync(next));
        await next.SweepAsync(default);
        Assert.Equal(hash, await RuntimeHarness.HashAsync(next));
    }

    private static async Task<string> CallAsync(RuntimeHarness harness, int query)
    {
        var pending = await harness.Runtime.DecideAsync(TestTenants.Query(query), default);
        await pending.Durable;
        var ended = new Settlement { DecisionId = pending.Record.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 10) };
        var priced = await harness.Runtime.PriceAsync(ended, default);
        harness.Runtime.Deliver((await harness.Journal.AppendSettlementAsync(Tenant, priced!, harness.Time.GetUtcNow(), default))!);
        return pending.Record.DecisionId;
    }

    private static async Task RewardAsync(RuntimeHarness harness, string id, double reward)
    {
        var feedback = new FeedbackSubmission { DecisionId = id, Reward = reward, IdempotencyKey = "k" };
        await harness.Journal.AppendFeedbackAsync(Tenant, [feedback], harness.Time.GetUtcNow(), default);
        await harness.Runtime.CatchUpAsync(default);
    }

    private static async Task<(double? Reward, double Weight, int Feedback)> InForceAsync(RuntimeHarness harness, string id)
    {
        var found = await harness.Journal.FindDecisionAsync(Tenant, id, default);
        return (found!.Reward, found.RewardWeight, found.FeedbackCount);
    }
}
