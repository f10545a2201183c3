using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class ExpiryTests
{
    [Fact]
    public async Task Calls_of_the_gateway_that_nobody_settled_are_charged_what_was_predicted()
    {
        var harness = await StartAsync(RouteExpiry.Free);
        var old = await DecideAsync(harness, DecisionOrigin.Call);
        var reroute = new Reroute(old.DecisionId, "large", 0.75, "timeout", 1.5);
        harness.Runtime.Deliver((await harness.Journal.AppendRerouteAsync(RuntimeHarness.Tenant, reroute, harness.Time.GetUtcNow(), default))!);
        harness.Time.Advance(TimeSpan.FromMinutes(11));
        var young = await DecideAsync(harness, DecisionOrigin.Call);
        Assert.Equal(old.BoundUsd + 1.5 + young.BoundUsd, (await harness.Runtime.DescribeAsync(default)).BoundUsd, 12);

        Assert.Equal(1, await harness.Runtime.SweepAsync(default));
        Assert.Equal(0, await harness.Runtime.SweepAsync(default));

        var report = await harness.Runtime.DescribeAsync(default);
        Assert.Equal(0.75, report.SpendUsd, 12);
        Assert.Equal(young.ReservedUsd, report.ReservedUsd, 12);
        Assert.Equal(young.BoundUsd, report.BoundUsd, 12);
        var stored = await harness.Journal.FindDecisionAsync(RuntimeHarness.Tenant, old.DecisionId, default);
        Assert.Equal(CallOutcome.Expired, stored!.Settlement!.Outcome);
    }

    [Theory]
    [InlineData(RouteExpiry.Free, false)]
    [InlineData(RouteExpiry.Predicted, true)]
    public async Task A_decision_that_its_caller_never_reported_costs_what_the_tenant_says(RouteExpiry expiry, bool charged)
    {
        var harness = await StartAsync(expiry);
        var decision = await DecideAsync(harness, DecisionOrigin.Route);
        harness.Time.Advance(TimeSpan.FromMinutes(11));

        // An owner that has not read the configuration yet leaves it to one that has.
        Assert.Equal(0, await harness.StartOther().SweepAsync(default));
        Assert.Equal(1, await harness.Runtime.SweepAsync(default));

        var report = await harness.Runtime.DescribeAsync(default);
        Assert.Equal(charged ? decision.ReservedUsd : 0, report.SpendUsd, 12);
        Assert.Equal((0, 0), (report.ReservedUsd, report.BoundUsd));
    }

    [Fact]
    public async Task What_a_reroute_was_promised_counts_before_its_event_does()
    {
        var harness = await StartAsync(RouteExpiry.Free, capUsd: 0.05);
        var first = await DecideAsync(harness, DecisionOrigin.Call, tokens: 100);
        await harness.Runtime.AdmitAsync(new Reroute(first.DecisionId, "large", 0.001, "timeout", 0.0494), default);

        await Assert.ThrowsAsync<NoFeasibleArmException>(() => DecideAsync(harness, DecisionOrigin.Call, tokens: 100));
        await harness.Runtime.AdmitAsync(new Reroute("dec-9-unknown", "large", 0.001, "timeout", 1), default);

        var ended = new Settlement { DecisionId = first.DecisionId, Outcome = CallOutcome.Completed, Usage = default, CostUsd = 0.001 };
        harness.Runtime.Deliver((await harness.Journal.AppendSettlementAsync(RuntimeHarness.Tenant, ended, harness.Time.GetUtcNow(), default))!);
        Assert.Equal("medium", (await DecideAsync(harness, DecisionOrigin.Call, tokens: 100)).ChosenArm);
    }

    [Fact]
    public async Task What_is_assessed_counts_what_a_reroute_was_promised()
    {
        var harness = await StartAsync(RouteExpiry.Free, capUsd: 0.05);
        var first = await DecideAsync(harness, DecisionOrigin.Call, tokens: 100);
        var request = TestTenants.Query(1) with { MaxOutputTokens = 100, PinnedArm = "medium" };
        Assert.Null(Medium(await harness.Runtime.AssessAsync([request], default)));

        await harness.Runtime.AdmitAsync(new Reroute(first.DecisionId, "large", 0.001, "timeout", 0.0494), default);

        Assert.Equal(ArmExclusions.OverHardCap, Medium(await harness.Runtime.AssessAsync([request], default)));

        static string? Medium(IReadOnlyList<QueryAssessment> assessed) => assessed[0].Arms.Single(arm => arm.ArmId == "medium").Exclusion;
    }

    private static async Task<RuntimeHarness> StartAsync(RouteExpiry expiry, double? capUsd = null)
    {
        var harness = new RuntimeHarness(new() { UnsettledLimit = TimeSpan.FromMinutes(10) });
        await harness.Runtime.ConfigureAsync(TestTenants.Configuration() with { RouteExpiry = expiry, HardCapUsd = capUsd }, PolicyRestart.Refuse, default);
        return harness;
    }

    private static async Task<DecisionRecord> DecideAsync(RuntimeHarness harness, DecisionOrigin origin, int? tokens = null)
    {
        var pending = await harness.Runtime.DecideAsync(
            TestTenants.Query(1) with { Origin = origin, MaxOutputTokens = tokens ?? 1000, PinnedArm = tokens is null ? null : "medium" }, default);
        await pending.Durable;
        return pending.Record;
    }
}
