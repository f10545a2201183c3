using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Engines;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every engine does.</summary>
/// <typeparam name="TEngine">The implementation.</typeparam>
public abstract partial class TenantEngineConformance<TEngine> : IAsyncLifetime
    where TEngine : ITenantEngine
{
    private const string Tenant = "acme";

    private IEngineFixture _fixture = null!;

    private ITenantEngine Engine => _fixture.Engine;

    /// <summary>Starts an engine over an empty store.</summary>
    protected abstract ValueTask<IEngineFixture> StartAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _fixture = await StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [ConformanceFact]
    public void The_fixture_holds_the_implementation_it_names() => Assert.IsType<TEngine>(Engine);

    [ConformanceFact]
    public async Task An_unknown_tenant_is_refused_by_every_call()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.DecideAsync(Tenant, TestTenants.Query(), default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.RerouteAsync(Tenant, new Reroute("d", "large", 0, "x"), default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.SettleAsync(Tenant, Ended("d"), default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.SettleAsync(Tenant, Ended("d") with { CostUsd = 1 }, default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.SubmitFeedbackAsync(Tenant, [Feedback("d", 1)], default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.FindDecisionAsync(Tenant, "d", default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.DescribeAsync(Tenant, default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.WarmStartAsync(Tenant, WarmStart(), default));
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.QuizAsync(Tenant, Quiz(5), default));
        Assert.Empty(await _fixture.Journal.ReadEventsAsync(Tenant, 0, 10, default));
    }

    [ConformanceFact]
    public async Task What_is_assessed_is_what_the_next_decision_rests_on_and_nothing_changes()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.AssessAsync(Tenant, [TestTenants.Query()], default));
        await ConfigureAsync();
        var before = await Engine.DescribeAsync(Tenant, default);
        var nowhere = TestTenants.Query() with { AllowedArms = ["nowhere"] };
        var assessed = await Engine.AssessAsync(Tenant, [TestTenants.Query(), nowhere], default);

        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        Assert.Equal((1, decision.InputTokens, 2), (decision.Ordinal, assessed[0].InputTokens, assessed.Count));
        Assert.Equal(decision.Arms, assessed[0].Arms);
        Assert.All(assessed[1].Arms, arm => Assert.Equal(ArmExclusions.NotAllowed, arm.Exclusion));
    }

    [ConformanceFact]
    public async Task An_engine_that_serves_passes_a_probe_with_tenants_and_without()
    {
        await Engine.ProbeAsync(default);
        await ConfigureAsync();
        await Engine.ProbeAsync(default);
    }

    [ConformanceFact]
    public async Task A_tenant_that_was_unknown_works_once_it_is_configured()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.DecideAsync(Tenant, TestTenants.Query(), default));
        await ConfigureAsync();
        Assert.Equal(1, (await Engine.DecideAsync(Tenant, TestTenants.Query(), default)).Ordinal);
    }

    [ConformanceFact]
    public async Task The_same_configuration_is_recorded_once_and_another_one_again()
    {
        await ConfigureAsync();
        await ConfigureAsync();
        await _fixture.RestartAsync();
        await ConfigureAsync();
        Assert.Single(await _fixture.Journal.ReadEventsAsync(Tenant, 0, 10, default));

        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { PriceWeight = 11 }, default);
        Assert.Equal(2, (await _fixture.Journal.ReadEventsAsync(Tenant, 0, 10, default)).Count);
    }

    [ConformanceFact]
    public async Task A_bad_configuration_is_refused_and_the_one_in_force_stays()
    {
        await ConfigureAsync();
        var before = await Engine.DescribeAsync(Tenant, default);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { PriceWeight = -1 }, default));

        Assert.Contains("PriceWeight", error.Message, StringComparison.Ordinal);
        Assert.Single(await _fixture.Journal.ReadEventsAsync(Tenant, 0, 10, default));
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task Imputation_is_reported_and_outlives_a_restart()
    {
        var missing = new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromHours(3), Weight = 0.25 };
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { MissingReward = missing }, default);
        for (var i = 0; i < 140; i++)
        {
            var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(i), default);
            await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);
            await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, i % 2)], default);
        }

        var report = await Engine.DescribeAsync(Tenant, default);
        await _fixture.RestartAsync();
        var again = await Engine.DescribeAsync(Tenant, default);

        Assert.Equal(ImputationStatus.Learning, report.Imputation!.Status);
        Assert.InRange(report.Imputation.Count, 1, 20);
        Assert.Equal((report.StateHash, report.Imputation), (again.StateHash, again.Imputation));
    }

    [ConformanceFact]
    public async Task A_decision_is_durable_when_the_call_returns()
    {
        await ConfigureAsync();

        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(1), default);

        var stored = Assert.Single(await _fixture.Journal.ReadDecisionsAsync(Tenant, 0, 10, default));
        Assert.Equivalent(decision, stored, strict: true);
        Assert.Equal((1, 1), (decision.Ordinal, decision.AppliedSequence));
        Assert.Equal(_fixture.Time.GetUtcNow(), decision.At);
    }

    [ConformanceFact]
    public async Task A_decision_keeps_who_makes_its_call_and_depends_on_nothing_of_it()
    {
        await ConfigureAsync();
        await ConfigureAsync("other");

        var called = await Engine.DecideAsync(Tenant, TestTenants.Query(1) with { Origin = DecisionOrigin.Call }, default);
        await Engine.DecideAsync("other", TestTenants.Query(1), default);
        await _fixture.CrashAsync();

        var (call, route) = ((await _fixture.Journal.ReadDecisionsAsync(Tenant, 0, 1, default))[0], (await _fixture.Journal.ReadDecisionsAsync("other", 0, 1, default))[0]);
        Assert.Equal(DecisionOrigin.Call, called.Origin);
        Assert.Equal(DecisionOrigin.Call, (await Engine.FindDecisionAsync(Tenant, called.DecisionId, default))!.Decision.Origin);
        Assert.Equivalent(call with { Tenant = "other", DecisionId = route.DecisionId, Origin = DecisionOrigin.Route }, route, strict: true);
    }

    [ConformanceFact]
    public async Task A_request_that_no_arm_can_serve_is_refused_and_leaves_no_trace()
    {
        await ConfigureAsync();
        var before = await Engine.DescribeAsync(Tenant, default);

        var error = await Assert.ThrowsAsync<NoFeasibleArmException>(
            async () => await Engine.DecideAsync(Tenant, TestTenants.Query() with { AllowedArms = ["nothing"] }, default));

        Assert.Equal(3, error.Exclusions.Count);
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Empty(await _fixture.Journal.ReadDecisionsAsync(Tenant, 0, 10, default));
    }

    [ConformanceFact]
    public async Task Settling_charges_what_the_served_arm_costs()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { PinnedArm = "medium" }, default);
        var reserved = await Engine.DescribeAsync(Tenant, default);

        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);

        var settled = await Engine.DescribeAsync(Tenant, default);
        var cost = TokenPrices.PerMillion(1, 4).Cost(new TokenUsage(1000, 0, 500));
        Assert.Equal(decision.ReservedUsd, reserved.ReservedUsd, 12);
        Assert.Equal((cost, 0), (settled.SpendUsd, settled.ReservedUsd));
        Assert.Equal(cost, (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!.Settlement!.CostUsd);
    }

    [ConformanceFact]
    public async Task A_rerouted_call_is_charged_at_the_prices_of_the_arm_that_took_over()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { PinnedArm = "small" }, default);

        await Engine.RerouteAsync(Tenant, new Reroute(decision.DecisionId, "large", 0.5, "timeout"), default);
        var rerouted = await Engine.DescribeAsync(Tenant, default);
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);

        Assert.Equal(0.5, rerouted.ReservedUsd, 12);
        var stored = await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default);
        Assert.Equal("large", stored!.ServedArm);
        Assert.Equal(TokenPrices.PerMillion(10, 30).Cost(new TokenUsage(1000, 0, 500)), stored.Settlement!.CostUsd);
        Assert.Equal(0, (await Engine.DescribeAsync(Tenant, default)).ReservedUsd, 12);
    }

    [ConformanceFact]
    public async Task Failed_attempts_are_charged_at_the_prices_of_their_arms_besides_the_call()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { PinnedArm = "small" }, default);
        await Engine.RerouteAsync(Tenant, new Reroute(decision.DecisionId, "large", 0.5, "timeout", 0.75), default);
        FailedAttempt[] attempts =
        [
            new("small", FailureKind.Timeout, new TokenUsage(1000, 0, 100), null, 60),
            new("medium", FailureKind.RateLimited, default, null, 0.1),
            new("small", FailureKind.Cut, default, 0.125, 2),
        ];
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId) with { Outcome = CallOutcome.Failed, CostUsd = 0, FailedAttempts = attempts }, default);

        var first = TokenPrices.PerMillion(0.1, 0.4).Cost(attempts[0].Usage);
        var wasted = first + 0.125;
        var report = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal(wasted, report.SpendUsd, 12);
        Assert.Equal(wasted, report.WastedUsd, 12);
        Assert.Equal([Math.Round(wasted, 12), 0, 0], report.Arms.Select(arm => Math.Round(arm.WastedUsd, 12)));
        Assert.Equal((0, 0), (report.ReservedUsd, report.BoundUsd));
        var stored = (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!;
        Assert.Equal([first, 0, 0.125], stored.Settlement!.FailedAttempts.Select(attempt => attempt.CostUsd!.Value));
        Assert.Equal(decision.BoundUsd + 0.75, stored.BoundUsd, 12);
    }

    [ConformanceFact]
    public async Task A_call_does_not_turn_to_an_arm_that_the_cap_has_no_room_for()
    {
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { HardCapUsd = 0.05 }, default);
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { PinnedArm = "small", MaxOutputTokens = 100 }, default);

        var refused = await Assert.ThrowsAsync<NoFeasibleArmException>(
            async () => await Engine.RerouteAsync(Tenant, new Reroute(decision.DecisionId, "large", 0.001, "timeout", 0.05), default));
        Assert.Equal([new("large", ArmExclusions.OverHardCap)], refused.Exclusions);
        Assert.NotNull(refused.HardCap);
        Assert.Equal("small", (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!.ServedArm);

        // What was set aside for an attempt that cannot be charged is free for the next one.
        await Engine.RerouteAsync(Tenant, new Reroute(decision.DecisionId, "large", 0.001, "rate limit", 0.05, AttemptsUsd: 0), default);
        Assert.Equal(0.05, (await Engine.DescribeAsync(Tenant, default)).BoundUsd, 12);
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);
        Assert.Equal(0, (await Engine.DescribeAsync(Tenant, default)).BoundUsd);
    }

    [ConformanceFact]
    public async Task A_call_that_was_decided_before_a_crash_is_settled_at_the_right_price_after_it()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query() with { PinnedArm = "medium" }, default);
        await Engine.RerouteAsync(Tenant, new Reroute(decision.DecisionId, "large", 0.5, "timeout"), default);
        await _fixture.CrashAsync();

        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);

        Assert.Equal(TokenPrices.PerMillion(10, 30).Cost(new TokenUsage(1000, 0, 500)), (await Engine.DescribeAsync(Tenant, default)).SpendUsd);
    }

    [ConformanceFact]
    public async Task A_second_settlement_and_one_of_an_unknown_decision_change_nothing()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId) with { CostUsd = 0.25 }, default);
        var before = await Engine.DescribeAsync(Tenant, default);

        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId) with { CostUsd = 9 }, default);
        await Engine.SettleAsync(Tenant, Ended("no-such-decision"), default);

        var after = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal(0.25, before.SpendUsd);
        Assert.Equal((before.StateHash, before.EventsApplied), (after.StateHash, after.EventsApplied));
    }

    [ConformanceFact]
    public async Task Feedback_is_learned_from_and_a_correction_replaces_it()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);

        var first = await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1, "a")], default);
        var learned = await Engine.DescribeAsync(Tenant, default);
        var second = await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 0, "b")], default);
        var corrected = await Engine.DescribeAsync(Tenant, default);

        Assert.Equal((FeedbackStatus.Accepted, FeedbackStatus.Accepted), (first[0].Status, second[0].Status));
        Assert.Equal((1, 2), (learned.RewardsApplied, corrected.RewardsApplied));
        Assert.NotEqual(learned.StateHash, corrected.StateHash);
        var stored = await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default);
        Assert.Equal((0, 2), (stored!.Reward, stored.FeedbackCount));
    }

    [ConformanceFact]
    public async Task A_weight_counts_is_corrected_and_survives_a_crash()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1, "a") with { Weight = 0.5 }], default);
        var half = await Engine.DescribeAsync(Tenant, default);
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1, "b")], default);
        var whole = await Engine.DescribeAsync(Tenant, default);

        Assert.NotEqual(half.StateHash, whole.StateHash);
        Assert.Equal(1, (await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default))!.RewardWeight);
        await _fixture.CrashAsync();
        Assert.Equal(whole.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(whole.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
    }

    [ConformanceFact]
    public async Task Duplicate_feedback_leaves_the_state_bit_identical()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1)], default);
        var once = await Engine.DescribeAsync(Tenant, default);

        var again = await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1), Feedback(decision.DecisionId, 0)], default);

        Assert.Equal([FeedbackStatus.Duplicate, FeedbackStatus.Conflict], again.Select(receipt => receipt.Status));
        Assert.Equal(once.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await _fixture.CrashAsync();
        Assert.Equal(once.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task Without_a_key_up_down_up_ends_up_and_a_repetition_changes_nothing()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        foreach (var reward in (double[])[1, 0, 1])
        {
            var receipts = await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, reward, null)], default);
            Assert.Equal(FeedbackStatus.Accepted, receipts[0].Status);
        }

        var corrected = await Engine.DescribeAsync(Tenant, default);
        var again = await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1, null)], default);

        Assert.Equal(FeedbackStatus.Duplicate, again[0].Status);
        Assert.Equal(corrected.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        var stored = await Engine.FindDecisionAsync(Tenant, decision.DecisionId, default);
        Assert.Equal((1, 3), (stored!.Reward, stored.FeedbackCount));
        await _fixture.CrashAsync();
        Assert.Equal(corrected.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task A_report_that_comes_with_feedback_settles_and_a_reward_can_be_taken_back()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        var report = new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 5), CostUsd = 0.125 };
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1, "a") with { Settlement = report }], default);
        var rewarded = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((0.125, 0), (rewarded.SpendUsd, rewarded.ReservedUsd));

        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, 1, null) with { IsWithdrawal = true }], default);
        var taken = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((1, 0), (rewarded.Arms.Sum(arm => arm.Statistics.Rewards), taken.Arms.Sum(arm => arm.Statistics.Rewards)));
        Assert.Null(Assert.Single(await Engine.FindDecisionsAsync(Tenant, [decision.DecisionId, "no-such-decision"], default)).Reward);
        await _fixture.CrashAsync();
        Assert.Equal(taken.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(taken.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
    }

    [ConformanceFact]
    public async Task Feedback_on_an_unknown_decision_is_reported_and_the_rest_is_taken()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);

        var receipts = await Engine.SubmitFeedbackAsync(
            Tenant, [Feedback("no-such-decision", 1), Feedback(decision.DecisionId, 1)], default);

        Assert.Equal([FeedbackStatus.UnknownDecision, FeedbackStatus.Accepted], receipts.Select(r => r.Status));
        Assert.Equal(1, (await Engine.DescribeAsync(Tenant, default)).RewardsApplied);
    }

    [ConformanceFact]
    public async Task Feedback_out_of_range_is_refused_whole()
    {
        await ConfigureAsync();
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);

        await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.SubmitFeedbackAsync(
            Tenant, [Feedback(decision.DecisionId, 1, "a"), Feedback(decision.DecisionId, 1.5, "b")], default));

        Assert.Equal(0, (await Engine.DescribeAsync(Tenant, default)).RewardsApplied);
    }

    [ConformanceFact]
    public async Task A_reconfiguration_takes_effect_at_the_next_decision_and_keeps_what_was_learned()
    {
        await ConfigureAsync();
        var before = await Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(before.DecisionId, 1)], default);
        var configuration = TestTenants.Configuration();

        await Engine.ConfigureAsync(Tenant, configuration with
        {
            Arms = [.. configuration.Arms.Where(arm => arm.Id != "small"), new Arm { Id = "new", Prices = TokenPrices.PerMillion(2, 3) }],
        }, default);

        var after = await Engine.DecideAsync(Tenant, TestTenants.Query(1), default);
        Assert.Equal(["medium", "large", "new"], after.Arms.Select(arm => arm.ArmId));
        Assert.Equal((2, 3), (after.Ordinal, after.AppliedSequence));
        Assert.Equal(1, (await Engine.DescribeAsync(Tenant, default)).RewardsApplied);
    }

    [ConformanceFact]
    public async Task A_cancelled_call_changes_nothing()
    {
        await ConfigureAsync();
        var before = await Engine.DescribeAsync(Tenant, default);
        var cancelled = new CancellationToken(true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Engine.DecideAsync(Tenant, TestTenants.Query(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Engine.DescribeAsync(Tenant, cancelled));

        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    [ConformanceFact]
    public async Task A_warm_start_is_one_durable_event_that_survives_a_crash()
    {
        await ConfigureAsync();
        var cold = await Engine.DecideAsync(Tenant, TestTenants.Query(5), default);

        var receipt = await Engine.WarmStartAsync(Tenant, WarmStart(), default);
        var taught = await Engine.DescribeAsync(Tenant, default);
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(5), default);

        Assert.Equal((64, false, (long?)2), (receipt.Rows, receipt.Duplicate, receipt.Sequence));
        Assert.Equal((64, 2), (taught.WarmStartRows, decision.AppliedSequence));
        Assert.NotEqual(cold.FeatureSchema, decision.FeatureSchema);
        Assert.True(decision.Arms[2].Quality > decision.Arms[0].Quality + 0.2, "The dear arm was taught to be much better.");
        var warm = await Engine.DescribeAsync(Tenant, default);
        await _fixture.CrashAsync();
        Assert.Equal(warm.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(warm.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
    }

    [ConformanceFact]
    public async Task The_same_warm_start_again_is_a_duplicate_until_the_policy_starts_anew()
    {
        await ConfigureAsync();
        await Engine.WarmStartAsync(Tenant, WarmStart(), default);
        await _fixture.RestartAsync();
        var before = await Engine.DescribeAsync(Tenant, default);

        var again = await Engine.WarmStartAsync(Tenant, WarmStart(), default);

        Assert.Equal((64, true, (long?)null), (again.Rows, again.Duplicate, again.Sequence));
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration(seed: 2), PolicyRestart.Forget, default);
        Assert.False((await Engine.WarmStartAsync(Tenant, WarmStart(), default)).Duplicate);
        Assert.Equal(64, (await Engine.DescribeAsync(Tenant, default)).WarmStartRows);
    }

    [ConformanceFact]
    public async Task A_change_that_would_make_the_policy_forget_is_refused_until_it_is_confirmed()
    {
        await ConfigureAsync();
        for (var i = 0; i < 3; i++)
        {
            await RewardAsync(i);
        }

        var before = await Engine.DescribeAsync(Tenant, default);
        var changed = TestTenants.Configuration() with { Policy = "linucb" };

        var refusal = await Assert.ThrowsAsync<PolicyRestartException>(async () => await Engine.ConfigureAsync(Tenant, changed, default));

        Assert.Equal((3, 3), (refusal.Forgotten.Decisions, refusal.Forgotten.Rewards));
        Assert.Equal(["policy"], refusal.Forgotten.Members);
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await Engine.ConfigureAsync(Tenant, changed, PolicyRestart.Forget, default);
        Assert.Equal(0, (await Engine.DescribeAsync(Tenant, default)).Arms.Sum(a => a.Statistics.Rewards));
    }

    [ConformanceFact]
    public async Task A_configuration_with_a_lower_number_never_replaces_one_with_a_higher()
    {
        var configuration = TestTenants.Configuration();
        await Engine.ConfigureAsync(Tenant, configuration with { Version = 7 }, default);
        await Engine.ConfigureAsync(Tenant, configuration with { Version = 8, UsdPerDay = 5 }, default);
        var before = await Engine.DescribeAsync(Tenant, default);

        var refusal = await Assert.ThrowsAsync<OutdatedConfigurationException>(async () => await Engine.ConfigureAsync(Tenant, configuration with { Version = 7 }, default));

        Assert.Equal((Tenant, 8), (refusal.Tenant, refusal.InForce));
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await Engine.ConfigureAsync(Tenant, configuration with { UsdPerDay = 6 }, default);
        Assert.Equal(6, (await Engine.DescribeAsync(Tenant, default)).Windows.Single().BudgetUsd);
    }

    [ConformanceFact]
    public async Task A_policy_learns_again_from_the_journal_to_the_same_state_in_every_replay()
    {
        await ConfigureAsync();
        for (var i = 0; i < 6; i++)
        {
            await RewardAsync(i);
        }

        var before = await Engine.DescribeAsync(Tenant, default);
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { Policy = "linucb" }, PolicyRestart.Relearn, default);
        Assert.Equal(before.Arms.Select(a => a.Statistics), (await Engine.DescribeAsync(Tenant, default)).Arms.Select(a => a.Statistics));
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), PolicyRestart.Forget, default);
        await RewardAsync(7);

        var receipt = await Engine.RelearnAsync(Tenant, default);

        Assert.Equal((7, 7), (receipt.Decisions, receipt.Rewards));
        await RewardAsync(8);
        var after = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((8, 8), (after.Arms.Sum(a => a.Statistics.Pulls), after.Arms.Sum(a => a.Statistics.Rewards)));
        await _fixture.CrashAsync();
        Assert.Equal(after.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await _fixture.RestartAsync();
        Assert.Equal(after.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(after.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
    }

    [ConformanceFact]
    public async Task A_warm_start_that_does_not_fit_is_refused_by_name_and_leaves_no_trace()
    {
        await ConfigureAsync();
        var before = await Engine.DescribeAsync(Tenant, default);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Engine.WarmStartAsync(Tenant, WarmStart() with { ArmIds = ["small", "medium", "other"] }, default));

        Assert.Contains("'large'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Engine.WarmStartAsync(Tenant, WarmStart() with { EmbeddingModelId = "another" }, default));
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Single(await _fixture.Journal.ReadEventsAsync(Tenant, 0, 10, default));
    }

    [ConformanceFact]
    public async Task A_quiz_is_one_durable_event_about_one_arm_that_survives_a_crash()
    {
        await ConfigureAsync();
        var before = await Engine.DecideAsync(Tenant, TestTenants.Query(5), default);

        var receipt = await Engine.QuizAsync(Tenant, Quiz(30), default);
        var second = await Engine.QuizAsync(Tenant, Quiz(10), default);
        var after = await Engine.DecideAsync(Tenant, TestTenants.Query(5), default);
        var report = await Engine.DescribeAsync(Tenant, default);

        Assert.Equal((30, false, (long?)2), (receipt.Rows, receipt.Duplicate, receipt.Sequence));
        Assert.Equal((40, false, (long?)3), (second.Rows, second.Duplicate, second.Sequence));
        Assert.Equal([0, 0, 40], report.Arms.Select(a => a.QuizRows));
        Assert.Equal(before.FeatureSchema, after.FeatureSchema);
        Assert.Equal(before.Arms[0].Quality, after.Arms[0].Quality);
        Assert.True(after.Arms[2].Quality > before.Arms[2].Quality, "The dear arm's answers were good.");
        await _fixture.CrashAsync();
        Assert.Equal(report.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(report.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
    }

    [ConformanceFact]
    public async Task Budgets_begin_anew_by_one_durable_event_that_survives_a_crash()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Engine.ResetBudgetAsync(Tenant, default));
        await Engine.ConfigureAsync(Tenant, TestTenants.Configuration() with { UsdPerDay = 1 }, default);
        var running = await Engine.DecideAsync(Tenant, TestTenants.Query(1), default);
        var spent = await Engine.DecideAsync(Tenant, TestTenants.Query(2), default);
        await Engine.SettleAsync(Tenant, new Settlement { DecisionId = spent.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 10), CostUsd = 0.75 }, default);

        var receipt = await Engine.ResetBudgetAsync(Tenant, default);
        var report = await Engine.DescribeAsync(Tenant, default);

        Assert.Equal((3, 0.75, 0), (receipt.Sequence, Assert.Single(receipt.Before.Windows).SpentUsd, Assert.Single(receipt.After.Windows).SpentUsd));
        Assert.Equal((0.75, receipt.Before.BoundUsd), (receipt.After.SpendUsd, receipt.After.BoundUsd));
        Assert.Equal(receipt.After.StateHash, report.StateHash);
        await _fixture.CrashAsync();
        Assert.Equal(report.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(report.StateHash, await JournalOracle.HashAsync(_fixture, Tenant));
        await Engine.SettleAsync(Tenant, new Settlement { DecisionId = running.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(10, 0, 10), CostUsd = 0.25 }, default);
        var after = await Engine.DescribeAsync(Tenant, default);
        Assert.Equal((0.25, 0, 1), (Assert.Single(after.Windows).SpentUsd, after.BoundUsd, after.SpendUsd));
    }

    [ConformanceFact]
    public async Task The_same_quiz_again_is_a_duplicate_however_many_came_between()
    {
        await ConfigureAsync();
        await Engine.QuizAsync(Tenant, Quiz(20), default);
        await Engine.QuizAsync(Tenant, Quiz(10), default);
        await _fixture.RestartAsync();
        var before = await Engine.DescribeAsync(Tenant, default);

        var again = await Engine.QuizAsync(Tenant, Quiz(20), default);

        Assert.Equal((30, true, (long?)null), (again.Rows, again.Duplicate, again.Sequence));
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        await Engine.WarmStartAsync(Tenant, WarmStart(), default);
        var fresh = await Engine.QuizAsync(Tenant, Quiz(20), default);
        Assert.Equal((20, false), (fresh.Rows, fresh.Duplicate));
    }

    [ConformanceFact]
    public async Task A_quiz_that_does_not_fit_is_refused_by_name_and_leaves_no_trace()
    {
        await ConfigureAsync();
        var before = await Engine.DescribeAsync(Tenant, default);

        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Engine.QuizAsync(Tenant, Quiz(5) with { ArmId = "huge" }, default));

        Assert.Contains("'huge'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.StateHash, (await Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Single(await _fixture.Journal.ReadEventsAsync(Tenant, 0, 10, default));
    }

    private QuizSet Quiz(int rows) => TestTenants.Quiz(rows, _fixture.Model.Id);

    private WarmStartSet WarmStart() => TestTenants.WarmStart(64, _fixture.Model.Id);

    private static FeedbackSubmission Feedback(string decisionId, double reward, string? key = "key") =>
        new() { DecisionId = decisionId, Reward = reward, IdempotencyKey = key };

    private static Settlement Ended(string decisionId) => new()
    {
        DecisionId = decisionId,
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(1000, 0, 500),
        LatencySeconds = 1.5,
    };

    private async Task RewardAsync(int number)
    {
        var decision = await Engine.DecideAsync(Tenant, TestTenants.Query(number), default);
        await Engine.SettleAsync(Tenant, Ended(decision.DecisionId), default);
        await Engine.SubmitFeedbackAsync(Tenant, [Feedback(decision.DecisionId, number % 2)], default);
    }

    private async Task ConfigureAsync(string tenant = Tenant) => await Engine.ConfigureAsync(tenant, TestTenants.Configuration(), default);
}
