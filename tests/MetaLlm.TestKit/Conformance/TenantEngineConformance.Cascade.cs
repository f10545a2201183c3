using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Conformance;

public abstract partial class TenantEngineConformance<TEngine>
{
    [ConformanceFact]
    public async Task A_weighed_answer_outlives_a_crash_and_asked_again_it_is_escalated_to_the_same_model()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.ConsiderAsync(Tenant, Considered("nothing", -1), default));
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { Cascade = new CascadeSettings() }, default);
        Assert.Null(await Engine.ConsiderAsync(Tenant, Considered("nothing", -1), default));
        var escalated = 0;
        for (var i = 0; i < 80; i++)
        {
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(i) with { Origin = DecisionOrigin.Call }, default);
            var isRight = i % 2 == 0;
            var weighed = (await Engine.ConsiderAsync(Tenant, Considered(decision.DecisionId, isRight ? -0.1 : -2.5), default))!;
            Assert.Equal(1, weighed.Second is null ? 1 : decision.Arms.Count(arm => arm.ArmId == weighed.Second));
            escalated += weighed.Second is null ? 0 : 1;
            if (weighed.Second is { } second)
            {
                await _fixture.CrashAsync();
                var again = (await Engine.ConsiderAsync(Tenant, Considered(decision.DecisionId, -0.1), default))!;
                Assert.Equal((second, weighed.SecondQuality), (again.Second, again.SecondQuality));
            }

            await Engine.SettleAsync(Tenant, Ended(decision, weighed), default);
            Assert.Null(await Engine.ConsiderAsync(Tenant, Considered(decision.DecisionId, -3), default));
            await Engine.SubmitFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = isRight || weighed.Second is not null ? 1 : 0 }], default);
            var stored = (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!;
            Assert.Equal(weighed, stored.Settlement!.Weighed);
            Assert.Equal(weighed.Second ?? decision.ChosenArm, stored.ServedArm);
        }

        var report = await Engine.DescribeAsync(Tenant, default);
        Assert.True(escalated > 3, $"{escalated} answers were escalated.");
        Assert.Equal((80, escalated, 80), (report.Cascade!.Weighed, report.Cascade.Escalated, report.Cascade.Rewarded));
        await _fixture.CrashAsync();
        var restored = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((report.StateHash, report.Cascade), (restored.StateHash, restored.Cascade));
    }

    [ConformanceFact]
    public async Task A_second_call_that_caps_have_no_room_for_is_not_made()
    {
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { Cascade = new CascadeSettings() }, default);
        var escalations = 0;
        for (var i = 0; i < 60; i++)
        {
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(i) with { Origin = DecisionOrigin.Call }, default);
            var signals = i % 2 == 0 ? -0.1 : -2.5;
            var weighed = (await Engine.ConsiderAsync(Tenant, Considered(decision.DecisionId, signals) with { SpentUsd = 1e9 }, default))!;
            escalations += weighed.Second is null ? 0 : 1;
            await Engine.SettleAsync(Tenant, Ended(decision, weighed), default);
            await Engine.SubmitFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = 1 - (i % 2) }], default);
            if (i == 30)
            {
                Assert.True(escalations > 0);
                escalations = 0;
                await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { Cascade = new CascadeSettings(), HardCapUsd = 1000 }, default);
            }
        }

        Assert.Equal(0, escalations);
    }

    private static Consideration Considered(string decisionId, double meanLogProbability) => new()
    {
        DecisionId = decisionId, Signals = new AnswerSignals { MeanLogProbability = meanLogProbability, Tokens = 40 }, SpentUsd = 0.0001,
    };

    private static Settlement Ended(DecisionRecord decision, WeighedAnswer weighed) => new()
    {
        DecisionId = decision.DecisionId,
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(10, 0, 40),
        CostUsd = 0.001,
        LatencySeconds = 1,
        FailedAttempts = weighed.Second is null ? [] : [new FailedAttempt(decision.ChosenArm, FailureKind.Escalated, new TokenUsage(10, 0, 40), 0.0001, 0.5)],
        Weighed = weighed,
    };
}
