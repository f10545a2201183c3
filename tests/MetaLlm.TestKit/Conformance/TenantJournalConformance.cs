using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every journal does.</summary>
/// <typeparam name="TJournal">The implementation.</typeparam>
public abstract class TenantJournalConformance<TJournal> : IAsyncLifetime
    where TJournal : ITenantJournal
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private IStoreFixture _fixture = null!;

    private ITenantJournal Journal => _fixture.Journal;

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IStoreFixture> OpenAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _fixture = await OpenAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [ConformanceFact]
    public void The_fixture_holds_the_implementation_it_names() => Assert.IsType<TJournal>(Journal);

    [ConformanceFact]
    public async Task A_probe_leaves_nothing_behind()
    {
        await AppendDecisionAsync("acme", 1);
        await Journal.ProbeAsync(default);
        await _fixture.ReopenAsync();

        Assert.Single(await Journal.ReadDecisionsAsync("acme", 0, 10, default));
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
        await AppendDecisionAsync("acme", 2);
    }

    [ConformanceFact]
    public async Task A_decision_comes_back_bit_for_bit_after_reopening()
    {
        var first = await AppendDecisionAsync("acme", 1);
        var second = await AppendDecisionAsync("acme", 2);
        await _fixture.ReopenAsync();

        var found = await Journal.ReadDecisionsAsync("acme", 0, 10, default);

        Assert.Equal(2, found.Count);
        Assert.Equivalent(first, found[0], strict: true);
        Assert.Equivalent(second, found[1], strict: true);
        Assert.Equal(BitConverter.DoubleToInt64Bits(first.Lambda), BitConverter.DoubleToInt64Bits(found[0].Lambda));
        Assert.Equal(first.Context, found[0].Context);
        Assert.Null(found[1].Task);
    }

    [ConformanceFact]
    public async Task An_ordinal_that_is_taken_or_leaves_a_gap_is_fenced_off()
    {
        await AppendDecisionAsync("acme", 1);

        await Assert.ThrowsAsync<FencedException>(() => AppendDecisionAsync("acme", 1));
        await Assert.ThrowsAsync<FencedException>(() => AppendDecisionAsync("acme", 3));
        Assert.Single(await Journal.ReadDecisionsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task A_decision_that_builds_on_an_event_that_is_not_there_is_fenced_off()
    {
        await Assert.ThrowsAsync<FencedException>(
            async () => await Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, appliedSequence: 1), default));
        Assert.Empty(await Journal.ReadDecisionsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task Several_decisions_are_appended_all_or_nothing()
    {
        await Journal.AppendDecisionsAsync([TestTenants.Decision("acme", 1, 0), TestTenants.Decision("acme", 2, 0)], default);

        await Assert.ThrowsAsync<FencedException>(async () => await Journal.AppendDecisionsAsync(
            [TestTenants.Decision("acme", 2, 0), TestTenants.Decision("acme", 3, 0)], default));
        Assert.Equal([1, 2], (await Journal.ReadDecisionsAsync("acme", 0, 10, default)).Select(d => d.Ordinal));
    }

    [ConformanceFact]
    public async Task Decisions_that_do_not_belong_together_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendDecisionsAsync([], default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendDecisionsAsync(
            [TestTenants.Decision("acme", 1, 0), TestTenants.Decision("other", 2, 0)], default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendDecisionsAsync(
            [TestTenants.Decision("acme", 1, 0), TestTenants.Decision("acme", 3, 0)], default));
        Assert.Empty(await Journal.ReadDecisionsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task A_configuration_comes_back_as_it_was()
    {
        var configuration = TestTenants.Configuration() with
        {
            PolicyOptions = new Dictionary<string, double> { ["b"] = 2, ["a"] = double.Epsilon },
            Seed = ulong.MaxValue,
            UsdPerRequest = 0.1,
            HardCapUsd = 5,
            HardCapWindow = TimeSpan.FromHours(3),
            HardCapReserve = HardCapReserve.P99,
            RouteExpiry = RouteExpiry.Predicted,
            UsdPerHour = 0.25,
            UsdPerDay = 2,
            UsdPerMonth = 1.0 / 3,
            QualityFloor = 0.7,
            MissingReward = new MissingReward { Value = 0.25, After = TimeSpan.FromHours(5), Weight = 1.0 / 3 },
            Parts = ContextParts.Structural | ContextParts.Task,
        };

        var returned = await Journal.AppendConfigurationAsync("acme", configuration, Noon, default);
        await _fixture.ReopenAsync();
        var found = Assert.IsType<ConfiguredEvent>(Assert.Single(await Journal.ReadEventsAsync("acme", 0, 10, default)));

        Assert.Equal((1, Noon), (returned.Sequence, returned.At));
        Assert.Equal((1, Noon), (found.Sequence, found.At));
        Assert.True(TenantConfigurationJson.Same(configuration, found.Configuration));
        Assert.Equal(double.Epsilon, found.Configuration.PolicyOptions["a"]);
    }

    [ConformanceFact]
    public async Task A_configuration_that_relearns_comes_back_as_one()
    {
        var configuration = TestTenants.Configuration() with { ExplorationFloor = 0.02 };
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        var returned = await Journal.AppendRelearningAsync("acme", configuration, Noon.AddSeconds(1), default);
        await _fixture.ReopenAsync();
        var found = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<ConfiguredEvent>().ToArray();

        Assert.Equal([false, true], found.Select(configured => configured.Relearns));
        Assert.Equal((2, true), (returned.Sequence, returned.Relearns));
        Assert.True(TenantConfigurationJson.Same(configuration, found[1].Configuration));
        Assert.False(TenantConfigurationJson.Same(TestTenants.Configuration(), found[1].Configuration));
    }

    [ConformanceFact]
    public async Task A_warm_start_comes_back_bit_for_bit_however_large()
    {
        // More than a page of any store, and than one part of a message.
        var set = TestTenants.WarmStart(3000, "model-1");
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);

        var returned = await Journal.AppendWarmStartAsync("acme", set, Noon.AddSeconds(1), default);
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(2), Noon.AddSeconds(2), default);
        await _fixture.ReopenAsync();
        var events = await Journal.ReadEventsAsync("acme", 0, 10, default);
        var found = Assert.IsType<WarmStartedEvent>(events[1]);

        Assert.Equal((2, Noon.AddSeconds(1)), (returned.Sequence, returned.At));
        Assert.Equal((2, Noon.AddSeconds(1), returned.Digest), (found.Sequence, found.At, found.Digest));
        Assert.Equal(WarmStartCodec.Encode(set), WarmStartCodec.Encode(found.Set));
        Assert.Equal(WarmStartCodec.Digest(WarmStartCodec.Encode(set)), found.Digest);
        Assert.IsType<ConfiguredEvent>(events[2]);
    }

    [ConformanceFact]
    public async Task Evidence_comes_back_bit_for_bit_unknown_outcomes_included()
    {
        var set = TestTenants.Quiz(40, "model-1").Outcomes;
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);

        var returned = await Journal.AppendEvidenceAsync("acme", set, Noon.AddSeconds(1), default);
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(2), Noon.AddSeconds(2), default);
        await _fixture.ReopenAsync();
        var events = await Journal.ReadEventsAsync("acme", 0, 10, default);
        var found = Assert.IsType<EvidencedEvent>(events[1]);

        Assert.Equal((2, Noon.AddSeconds(1), WarmStartCodec.Digest(WarmStartCodec.Encode(set))), (returned.Sequence, returned.At, returned.Digest));
        Assert.Equal((2, Noon.AddSeconds(1), returned.Digest), (found.Sequence, found.At, found.Digest));
        Assert.Equal(WarmStartCodec.Encode(set), WarmStartCodec.Encode(found.Set));
        Assert.IsType<ConfiguredEvent>(events[2]);
    }

    [ConformanceFact]
    public async Task A_quiz_comes_back_bit_for_bit_unknown_outcomes_included()
    {
        var quiz = TestTenants.Quiz(40, "model-1");
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);

        var returned = await Journal.AppendQuizAsync("acme", quiz, Noon.AddSeconds(1), default);
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(2), Noon.AddSeconds(2), default);
        await _fixture.ReopenAsync();
        var events = await Journal.ReadEventsAsync("acme", 0, 10, default);
        var found = Assert.IsType<QuizzedEvent>(events[1]);

        Assert.Equal((2, Noon.AddSeconds(1)), (returned.Sequence, returned.At));
        Assert.Equal((2, Noon.AddSeconds(1), returned.Digest), (found.Sequence, found.At, found.Digest));
        Assert.Equal(QuizCodec.Encode(quiz), QuizCodec.Encode(found.Quiz));
        Assert.Equal(QuizCodec.Digest(QuizCodec.Encode(quiz)), found.Digest);
        Assert.IsType<ConfiguredEvent>(events[2]);
    }

    [ConformanceFact]
    public async Task Every_verdict_of_a_comparison_comes_back()
    {
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        bool?[] verdicts = [true, false, null];
        foreach (var verdict in verdicts)
        {
            await Journal.AppendComparisonAsync("acme", 17, verdict, Noon.AddSeconds(1), default);
        }

        await _fixture.ReopenAsync();
        var found = (await Journal.ReadEventsAsync("acme", 1, 10, default)).Cast<ComparedEvent>().ToList();

        Assert.Equal(verdicts, found.Select(compared => compared.Differs));
        Assert.All(found, compared => Assert.Equal((17, Noon.AddSeconds(1)), (compared.Ordinal, compared.At)));
    }

    [ConformanceFact]
    public async Task A_reset_of_budgets_comes_back_between_what_came_before_and_after()
    {
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        var returned = await Journal.AppendBudgetResetAsync("acme", Noon.AddSeconds(1), default);
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(2), Noon.AddSeconds(2), default);
        await _fixture.ReopenAsync();
        var events = await Journal.ReadEventsAsync("acme", 0, 10, default);

        Assert.Equal(new BudgetResetEvent { Sequence = 2, At = Noon.AddSeconds(1) }, returned);
        Assert.Equal(returned, events[1]);
        Assert.IsType<ConfiguredEvent>(events[2]);
    }

    [ConformanceFact]
    public async Task How_far_an_owner_has_taken_in_the_others_comes_back()
    {
        await Journal.AppendConfigurationAsync("acme#2", TestTenants.Configuration(), Noon, default);
        var returned = await Journal.AppendTookInAsync("acme#2", [new TakenPosition(1, 7, long.MaxValue), new TakenPosition(3, 0, 12)], 1, Noon.AddSeconds(1), default);
        await _fixture.ReopenAsync();
        var read = Assert.IsType<TookInEvent>((await Journal.ReadEventsAsync("acme#2", 1, 10, default)).Single());

        Assert.Equal((2, Noon.AddSeconds(1)), (returned.Sequence, returned.At));
        Assert.Equal((returned.Sequence, returned.At), (read.Sequence, read.At));
        Assert.Equal(returned.Positions, read.Positions);
    }

    [ConformanceFact]
    public async Task An_owner_whose_journal_is_another_one_takes_nothing_in()
    {
        await Assert.ThrowsAsync<FencedException>(async () => await Journal.AppendTookInAsync("acme#2", [new TakenPosition(1, 1, 1)], 1, Noon, default));
        Assert.Empty(await Journal.ReadHeadsAsync(["acme#2"], default));
        await Journal.AppendConfigurationAsync("acme#2", TestTenants.Configuration(), Noon, default);
        await Assert.ThrowsAsync<FencedException>(async () => await Journal.AppendTookInAsync("acme#2", [new TakenPosition(1, 1, 1)], 2, Noon, default));
        Assert.Single(await Journal.ReadEventsAsync("acme#2", 0, 10, default));
    }

    [ConformanceFact]
    public async Task Events_are_numbered_without_gaps_per_tenant()
    {
        foreach (var tenant in (string[])["acme", "other", "acme", "acme", "other"])
        {
            await Journal.AppendConfigurationAsync(tenant, TestTenants.Configuration(), Noon, default);
        }

        Assert.Equal([1, 2, 3], (await Journal.ReadEventsAsync("acme", 0, 10, default)).Select(e => e.Sequence));
        Assert.Equal([1, 2], (await Journal.ReadEventsAsync("other", 0, 10, default)).Select(e => e.Sequence));
        Assert.Empty(await Journal.ReadEventsAsync("nobody", 0, 10, default));
    }

    [ConformanceFact]
    public async Task Reads_are_paged_by_position_and_limit()
    {
        for (var ordinal = 1; ordinal <= 5; ordinal++)
        {
            await AppendDecisionAsync("acme", ordinal);
            await Journal.AppendFeedbackAsync("acme", [Feedback($"d-{ordinal}", 0.5)], Noon, default);
        }

        Assert.Equal([3, 4], (await Journal.ReadDecisionsAsync("acme", 2, 2, default)).Select(d => d.Ordinal));
        Assert.Equal([3, 4], (await Journal.ReadEventsAsync("acme", 2, 2, default)).Select(e => e.Sequence));
        Assert.Empty(await Journal.ReadEventsAsync("acme", 5, 2, default));
    }

    [ConformanceFact]
    public async Task Facts_of_an_event_stay_what_they_were_when_it_was_appended()
    {
        var decision = await AppendDecisionAsync("acme", 1);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0.25, "before")], Noon, default);
        var rerouted = await Journal.AppendRerouteAsync("acme", new Reroute("d-1", "large", 0.2, "timeout", 2.5), Noon, default);
        var settled = await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.3), Noon.AddSeconds(1), default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, "after")], Noon, default);
        await _fixture.ReopenAsync();

        var events = await Journal.ReadEventsAsync("acme", 0, 10, default);

        var before = Assert.IsType<RewardedEvent>(events[0]);
        Assert.Equal((0.25, (double?)null), (before.Reward, before.PreviousReward));
        Assert.Equal(("small", 0.001, 0.02, (double?)null), (before.Decision.ServedArm, before.Decision.ReservedUsd, before.Decision.BoundUsd, before.Decision.SettledUsd));
        Assert.Equivalent(rerouted, events[1], strict: true);
        Assert.Equal(("small", 0.001, 0.02, 2.52), (rerouted!.Decision.ServedArm, rerouted.Decision.ReservedUsd, rerouted.Decision.BoundUsd, rerouted.BoundUsd));
        Assert.Equivalent(settled, events[2], strict: true);
        Assert.Equal(("large", 0.2, 2.52, (double?)null), (settled!.Decision.ServedArm, settled.Decision.ReservedUsd, settled.Decision.BoundUsd, settled.Decision.SettledUsd));
        var after = Assert.IsType<RewardedEvent>(events[3]);
        Assert.Equal((1, (double?)0.25), (after.Reward, after.PreviousReward));
        Assert.Equal(("large", 0.2, 2.52, (double?)0.3), (after.Decision.ServedArm, after.Decision.ReservedUsd, after.Decision.BoundUsd, after.Decision.SettledUsd));
        Assert.Equal(decision.Context, after.Decision.Context);
        Assert.Equal((decision.InputTokens, "small", true), (after.Decision.InputTokens, after.Decision.ChosenArm, after.Decision.Rerouted));
        Assert.False(before.Decision.Rerouted);
        Assert.Equal(
            (decision.FeatureSchema, decision.Propensity, decision.Pinned, decision.At, decision.Ordinal, decision.DecisionId),
            (after.Decision.FeatureSchema, after.Decision.Propensity, after.Decision.Pinned, after.Decision.At, after.Decision.Ordinal, after.Decision.DecisionId));
    }

    [ConformanceFact]
    public async Task Failed_attempts_come_back_in_order_with_what_they_cost()
    {
        var settlement = Settlement("d-1", 0.3) with
        {
            Outcome = CallOutcome.Cut,
            FailedAttempts =
            [
                new FailedAttempt("small", FailureKind.Timeout, new TokenUsage(100, 20, 30.5), 1.0 / 3, 2.5),
                new FailedAttempt("large", FailureKind.Objected, default, 0, 0.25, "east"),
                new FailedAttempt("small", FailureKind.Escalated, new TokenUsage(100, 20, 30.5), 0.125, 1.5),
            ],
            Deployment = "west",
            Weighed = new WeighedAnswer
            {
                Signals = new AnswerSignals { MeanLogProbability = -0.5, Tokens = 30.5 }, Topic = "größe", FirstUsd = 0.1, FirstQuality = 0.5, Doubt = 0.375, Gain = 0.25, Propensity = 0.98, Second = "large", SecondQuality = 0.75,
            },
        };
        await AppendDecisionAsync("acme", 1);
        await AppendDecisionAsync("acme", 2);

        var returned = await Journal.AppendSettlementsAsync("acme", [settlement, Settlement("d-2", 0.1)], Noon, default);
        await _fixture.ReopenAsync();
        var events = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<SettledEvent>().ToList();

        Assert.Equivalent(returned, events, strict: true);
        Assert.Equal(settlement.FailedAttempts, events[0].FailedAttempts);
        Assert.Empty(events[1].FailedAttempts);
        Assert.Equivalent(settlement, (await Journal.FindDecisionAsync("acme", "d-1", default))!.Settlement, strict: true);
        Assert.Equal(0.3, (await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1)], Noon, default))[0].Recorded!.Decision.SettledUsd);
    }

    [ConformanceFact]
    public async Task An_attempt_without_a_cost_or_with_an_impossible_one_is_refused_and_leaves_no_trace()
    {
        await AppendDecisionAsync("acme", 1);
        foreach (var cost in new double?[] { null, double.NaN, -1 })
        {
            var settlement = Settlement("d-1", 0.3) with { FailedAttempts = [new FailedAttempt("small", FailureKind.Cut, default, cost, 1)] };
            await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendSettlementAsync("acme", settlement, Noon, default));
        }

        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task A_latency_that_was_not_measured_is_not_a_number()
    {
        await AppendDecisionAsync("acme", 1);
        var returned = await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.3) with { LatencySeconds = null }, Noon, default);

        Assert.True(double.IsNaN(returned!.LatencySeconds));
        Assert.True(double.IsNaN(((SettledEvent)(await Journal.ReadEventsAsync("acme", 0, 1, default))[0]).LatencySeconds));
        Assert.Null((await Journal.FindDecisionAsync("acme", "d-1", default))!.Settlement!.LatencySeconds);
    }

    [ConformanceFact]
    public async Task A_second_settlement_and_a_late_reroute_leave_no_trace()
    {
        await AppendDecisionAsync("acme", 1);
        await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.3), Noon, default);

        Assert.Null(await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.9), Noon, default));
        Assert.Null(await Journal.AppendRerouteAsync("acme", new Reroute("d-1", "large", 0.2, "late"), Noon, default));
        Assert.Single(await Journal.ReadEventsAsync("acme", 0, 10, default));
        Assert.Equal(0.3, (await Journal.FindDecisionAsync("acme", "d-1", default))!.Settlement!.CostUsd);
    }

    [ConformanceFact]
    public async Task Unknown_decisions_and_tenants_leave_no_trace()
    {
        await AppendDecisionAsync("acme", 1);

        Assert.Null(await Journal.AppendSettlementAsync("acme", Settlement("d-9", 0.3), Noon, default));
        Assert.Null(await Journal.AppendRerouteAsync("other", new Reroute("d-1", "large", 0.2, "x"), Noon, default));
        Assert.Null(await Journal.FindDecisionAsync("other", "d-1", default));
        var receipts = await Journal.AppendFeedbackAsync("other", [Feedback("d-1", 1)], Noon, default);
        Assert.Equal([new FeedbackReceipt("d-1", FeedbackStatus.UnknownDecision, null)], receipts);
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
        Assert.Empty(await Journal.ReadEventsAsync("other", 0, 10, default));
    }

    [ConformanceFact]
    public async Task Feedback_is_told_apart_by_decision_and_key()
    {
        await AppendDecisionAsync("acme", 1);
        await AppendDecisionAsync("acme", 2);

        var receipts = await Journal.AppendFeedbackAsync(
            "acme",
            [Feedback("d-1", 0.5, "k"), Feedback("d-1", 0.9, "k"), Feedback("d-2", 0.7, "k"), Feedback("d-9", 1, "k"), Feedback("d-1", 0, "other")],
            Noon,
            default);
        await _fixture.ReopenAsync();
        var again = await Journal.AppendFeedbackAsync(
            "acme", [Feedback("d-1", 0.5, "k"), Feedback("d-1", 0, "other"), Feedback("d-1", 0.5, "k") with { Weight = 0.5 }], Noon, default);

        Assert.Equal(
            [FeedbackStatus.Accepted, FeedbackStatus.Conflict, FeedbackStatus.Accepted, FeedbackStatus.UnknownDecision, FeedbackStatus.Accepted],
            receipts.Select(r => r.Status));
        Assert.Equal([1, 1, 2, null, 3], receipts.Select(r => r.Sequence));
        Assert.Equal(
            [
                new FeedbackReceipt("d-1", FeedbackStatus.Duplicate, 1),
                new FeedbackReceipt("d-1", FeedbackStatus.Duplicate, 3),
                new FeedbackReceipt("d-1", FeedbackStatus.Conflict, 1),
            ],
            again);
        var rewards = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<RewardedEvent>().ToList();
        Assert.Equal([(0.5, null), (0.7, null), (0, (double?)0.5)], rewards.Select(r => (r.Reward, r.PreviousReward)));
        Assert.Equivalent(rewards, receipts.Select(r => r.Recorded).OfType<RewardedEvent>().ToList(), strict: true);
        var found = await Journal.FindDecisionAsync("acme", "d-1", default);
        Assert.Equal((0, 2), (found!.Reward, found.FeedbackCount));
    }

    [ConformanceFact]
    public async Task A_reward_is_taken_back_and_may_come_again()
    {
        await AppendDecisionAsync("acme", 1);
        var withdrawal = Feedback("d-1", 0, "undo") with { IsWithdrawal = true };
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0.75, null) with { Weight = 0.5 }], Noon, default);
        await _fixture.ReopenAsync();
        var taken = await Journal.AppendFeedbackAsync("acme", [withdrawal], Noon, default);
        await _fixture.ReopenAsync();

        var found = await Journal.FindDecisionAsync("acme", "d-1", default);
        Assert.Equal((null, 1, 2), (found!.Reward, found.RewardWeight, found.FeedbackCount));
        var again = await Journal.AppendFeedbackAsync(
            "acme", [withdrawal, withdrawal with { IdempotencyKey = null }, withdrawal with { IsWithdrawal = false }], Noon, default);
        Assert.Equal([FeedbackStatus.Duplicate, FeedbackStatus.Duplicate, FeedbackStatus.Conflict], again.Select(r => r.Status));
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0.25, null)], Noon, default);

        var events = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<RewardedEvent>().ToList();
        Assert.Equal(
            [(0.75, null, false, 0.5), (0.75, 0.75, true, 0.5), (0.25, (double?)null, false, 1)],
            events.Select(e => (e.Reward, e.PreviousReward, e.Withdrawn, e.Weight)));
        Assert.DoesNotContain(events, e => e.Defaulted);
        Assert.Equivalent(events[1], taken[0].Recorded, strict: true);
    }

    [ConformanceFact]
    public async Task Reports_and_rewards_of_one_post_are_one_append()
    {
        await AppendDecisionAsync("acme", 1);
        await AppendDecisionAsync("acme", 2);
        await Journal.AppendSettlementAsync("acme", Settlement("d-2", 0) with { Outcome = CallOutcome.Failed }, Noon, default);
        await _fixture.ReopenAsync();
        var receipts = await Journal.AppendFeedbackAsync(
            "acme",
            [Feedback("d-1", 1) with { Settlement = Settlement("d-1", 0.25) }, Feedback("d-2", 1) with { Settlement = Settlement("d-2", 9) }],
            Noon,
            default);

        Assert.Equal([FeedbackStatus.Accepted, FeedbackStatus.NeverRan], receipts.Select(r => r.Status));
        Assert.Equal((2, 3), (receipts[0].Settled!.Sequence, receipts[0].Sequence));
        Assert.Null(receipts[1].Settled);
        var found = await Journal.FindDecisionAsync("acme", "d-1", default);
        Assert.Equal((0.25, 1), (found!.Settlement!.CostUsd, found.Reward));
        Assert.Equal(0.25, Assert.Single((await Journal.ReadEventsAsync("acme", 0, 10, default)).OfType<RewardedEvent>()).Decision.SettledUsd);

        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendFeedbackAsync(
            "acme", [Feedback("d-1", 0, "other") with { Settlement = Settlement("d-2", 1) }], Noon, default));
        Assert.Contains("submissions[0].Settlement", error.Message, StringComparison.Ordinal);
    }

    [ConformanceFact]
    public async Task Without_a_key_feedback_is_compared_with_what_is_in_force()
    {
        await AppendDecisionAsync("acme", 1);
        var (up, down) = (Feedback("d-1", 1, null), Feedback("d-1", 0, null));

        Assert.Equal([(FeedbackStatus.Accepted, 1L)], await AppendAsync(up));
        Assert.Equal([(FeedbackStatus.Duplicate, 1L)], await AppendAsync(up));
        Assert.Equal([(FeedbackStatus.Accepted, 2L)], await AppendAsync(down));
        Assert.Equal([(FeedbackStatus.Accepted, 3L)], await AppendAsync(up));
        Assert.Equal([(FeedbackStatus.Duplicate, 3L)], await AppendAsync(up));
        Assert.Equal([(FeedbackStatus.Accepted, 4L)], await AppendAsync(up with { Label = "judge", Comment = "a\0b" }));
        Assert.Equal([(FeedbackStatus.Duplicate, 4L)], await AppendAsync(up with { Label = "judge", Comment = "a\0b" }));
        Assert.Equal([(FeedbackStatus.Accepted, 5L)], await AppendAsync(up with { Weight = 0.5 }));

        var found = await Journal.FindDecisionAsync("acme", "d-1", default);
        Assert.Equal((1, 0.5, 5), (found!.Reward, found.RewardWeight, found.FeedbackCount));

        async Task<IEnumerable<(FeedbackStatus, long?)>> AppendAsync(FeedbackSubmission submission)
        {
            await _fixture.ReopenAsync();
            return (await Journal.AppendFeedbackAsync("acme", [submission], Noon, default)).Select(receipt => (receipt.Status, receipt.Sequence));
        }
    }

    [ConformanceFact]
    public async Task Feedback_with_and_without_keys_is_about_one_reward()
    {
        await AppendDecisionAsync("acme", 1);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, "k")], Noon, default);
        await _fixture.ReopenAsync();

        var receipts = new List<FeedbackReceipt>();
        foreach (var submission in (FeedbackSubmission[])[Feedback("d-1", 1, null), Feedback("d-1", 0, null), Feedback("d-1", 1, "k"), Feedback("d-1", 1, null)])
        {
            receipts.AddRange(await Journal.AppendFeedbackAsync("acme", [submission], Noon, default));
        }

        Assert.Equal(
            [(FeedbackStatus.Duplicate, 1L), (FeedbackStatus.Accepted, 2L), (FeedbackStatus.Duplicate, 1L), (FeedbackStatus.Accepted, (long?)3L)],
            receipts.Select(receipt => (receipt.Status, receipt.Sequence)));
        Assert.Equal(1, (await Journal.FindDecisionAsync("acme", "d-1", default))!.Reward);
    }

    [ConformanceFact]
    public async Task A_call_without_keys_that_is_repeated_changes_nothing()
    {
        await AppendDecisionAsync("acme", 1);
        await AppendDecisionAsync("acme", 2);
        FeedbackSubmission[] call = [Feedback("d-1", 1, null), Feedback("d-2", 0.5, null), Feedback("d-1", 0, null)];

        var first = await Journal.AppendFeedbackAsync("acme", call, Noon, default);
        await _fixture.ReopenAsync();
        var again = await Journal.AppendFeedbackAsync("acme", call, Noon, default);

        Assert.All(first, receipt => Assert.Equal(FeedbackStatus.Accepted, receipt.Status));
        Assert.All(again, receipt => Assert.Equal(FeedbackStatus.Duplicate, receipt.Status));
        Assert.Equal(3, (await Journal.ReadEventsAsync("acme", 0, 10, default)).Count);
    }

    [ConformanceFact]
    public async Task The_same_feedback_without_a_key_sent_at_once_many_times_is_taken_once()
    {
        await AppendDecisionAsync("acme", 1);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
            (await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, null)], Noon, default))[0])));

        Assert.Single(receipts, receipt => receipt.Status == FeedbackStatus.Accepted);
        Assert.All(receipts, receipt => Assert.Equal(1, receipt.Sequence));
        Assert.Single(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task Completed_decisions_without_a_reward_are_found_in_order()
    {
        for (var ordinal = 1; ordinal <= 6; ordinal++)
        {
            await Journal.AppendDecisionAsync(TestTenants.Decision("acme", ordinal, 0, Noon.AddMinutes(ordinal)), default);
            if (ordinal != 2)
            {
                await Journal.AppendSettlementAsync("acme", Settlement($"d-{ordinal}", 0.3) with { Outcome = ordinal == 3 ? CallOutcome.Failed : CallOutcome.Completed }, Noon, default);
            }
        }

        await Journal.AppendFeedbackAsync("acme", [Feedback("d-4", 1)], Noon, default);

        Assert.Equal([1, 5], await FindAsync(0, DecisionPosition.Start, Noon.AddMinutes(6), 10));
        Assert.Equal([5, 6], await FindAsync(1, DecisionPosition.Start, Noon.AddHours(1), 10));
        Assert.Equal([1], await FindAsync(0, DecisionPosition.Start, Noon.AddHours(1), 1));
        Assert.Empty(await Journal.FindUnrewardedAsync("other", 0, DecisionPosition.Start, Noon.AddHours(1), 10, default));

        // A page goes on after the position of the last one, whose instant others may share.
        var first = Assert.Single(await Journal.FindUnrewardedAsync("acme", 0, DecisionPosition.Start, Noon.AddHours(1), 1, default));
        Assert.Equal(("d-1", Noon.AddMinutes(1)), (first.DecisionId, first.At));
        Assert.Equal([5, 6], await FindAsync(0, first.Position, Noon.AddHours(1), 10));
        Assert.Equal([1, 5, 6], await FindAsync(0, first.Position with { Ordinal = 0 }, Noon.AddHours(1), 10));

        async Task<IEnumerable<long>> FindAsync(long afterOrdinal, DecisionPosition after, DateTimeOffset before, int limit) =>
            (await Journal.FindUnrewardedAsync("acme", afterOrdinal, after, before, limit, default)).Select(found => found.Ordinal);
    }

    [ConformanceFact]
    public async Task A_decision_by_price_comes_back_as_it_was_and_awaits_no_reward()
    {
        var decision = TestTenants.Decision("acme", 1, 0, Noon) with { FeatureSchema = DecisionRecord.NoFeatures, Context = [], Policy = DecisionRecord.ByPrice, Key = "key" };
        await Journal.AppendDecisionAsync(decision, default);
        await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.3), Noon, default);
        await Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0, Noon), default);
        await Journal.AppendSettlementAsync("acme", Settlement("d-2", 0.3), Noon, default);
        await _fixture.ReopenAsync();

        Assert.Equivalent(decision, (await Journal.ReadDecisionsAsync("acme", 0, 1, default))[0], strict: true);
        var settled = Assert.IsType<SettledEvent>((await Journal.ReadEventsAsync("acme", 0, 1, default))[0]);
        Assert.Equal((false, 0, 0.3), (settled.Decision.IsOfPolicy, settled.Decision.Context.Length, settled.CostUsd));
        Assert.Equal([2], (await Journal.FindUnrewardedAsync("acme", 0, DecisionPosition.Start, Noon.AddHours(1), 10, default)).Select(found => found.Ordinal));
    }

    [ConformanceFact]
    public async Task A_default_is_taken_only_while_there_is_no_reward_and_feedback_corrects_it()
    {
        await AppendDecisionAsync("acme", 1);
        await AppendDecisionAsync("acme", 2);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-2", 1)], Noon, default);
        FeedbackSubmission Default(string id) => Feedback(id, 0.25) with { IsDefault = true, Weight = 0.5 };

        var receipts = await Journal.AppendFeedbackAsync("acme", [Default("d-1"), Default("d-2"), Default("d-1")], Noon, default);
        await _fixture.ReopenAsync();
        var defaulted = await Journal.FindDecisionAsync("acme", "d-1", default);
        var corrected = await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1), Default("d-1")], Noon, default);

        Assert.Equal([FeedbackStatus.Accepted, FeedbackStatus.Duplicate, FeedbackStatus.Duplicate], receipts.Select(r => r.Status));
        Assert.Equal((0.25, 0.5, 0), (defaulted!.Reward, defaulted.RewardWeight, defaulted.FeedbackCount));
        Assert.Equal([FeedbackStatus.Accepted, FeedbackStatus.Duplicate], corrected.Select(r => r.Status));
        var events = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<RewardedEvent>().ToList();
        Assert.Equal([false, true, false], events.Select(e => e.Defaulted));
        Assert.Equal((1, 0.25, 0.5), (events[2].Reward, events[2].PreviousReward!.Value, events[2].PreviousWeight));
        Assert.Equivalent(events[1], receipts[0].Recorded, strict: true);
        Assert.Equal((1, 1), ((await Journal.FindDecisionAsync("acme", "d-1", default))!.Reward, (await Journal.FindDecisionAsync("acme", "d-1", default))!.FeedbackCount));
    }

    [ConformanceFact]
    public async Task Verdicts_are_rewards_until_a_person_speaks_and_stand_beside_the_first_word()
    {
        JudgeVerdict[] verdicts = [new("quality", 2, 0.75, 0.125, -1), new("format", 1, 1, 0.125)];
        FeedbackSubmission Verdict(string id) => new() { DecisionId = id, Reward = 0.625, Weight = 0.5, Verdicts = verdicts };
        for (var i = 1; i <= 3; i++)
        {
            await AppendDecisionAsync("acme", i);
        }

        await Journal.AppendFeedbackAsync("acme", [Feedback("d-2", 1), Feedback("d-3", 0.25) with { IsDefault = true }], Noon, default);
        var receipts = await Journal.AppendFeedbackAsync("acme", [Verdict("d-1"), Verdict("d-2"), Verdict("d-3"), Verdict("d-1"), Feedback("d-1", 0) with { IsDefault = true }], Noon, default);
        await _fixture.ReopenAsync();
        var judged = (await Journal.FindDecisionAsync("acme", "d-1", default))!;
        var takenBack = await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0) with { IsWithdrawal = true }], Noon, default);
        var spoken = await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0), Verdict("d-1")], Noon, default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, "b")], Noon, default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, "c") with { IsWithdrawal = true }, Verdict("d-1")], Noon, default);

        Assert.Equal([FeedbackStatus.Accepted, FeedbackStatus.Duplicate, FeedbackStatus.Accepted, FeedbackStatus.Duplicate, FeedbackStatus.Duplicate], receipts.Select(r => r.Status));
        Assert.Equal((0.625, 0.5, 0, JudgeVerdict.Encode(verdicts)), (judged.Reward, judged.RewardWeight, judged.FeedbackCount, judged.Verdicts));
        Assert.Equal(FeedbackStatus.Duplicate, takenBack[0].Status);
        Assert.Equal([FeedbackStatus.Accepted, FeedbackStatus.Duplicate], spoken.Select(r => r.Status));
        var events = (await Journal.ReadEventsAsync("acme", 2, 10, default)).Cast<RewardedEvent>().ToList();
        Assert.Equivalent(events[0], receipts[0].Recorded, strict: true);
        Assert.Equal(verdicts, JudgeVerdict.Decode(events[0].Verdicts));
        Assert.Equal([(true, null), (true, 0.25), (false, 0.625), (false, 0.0), (false, 1.0)], events.Select(e => (e.IsVerdict, e.PreviousReward)));
        Assert.Equal([true, true, true, false, false], events.Select(e => e.Verdicts is not null));
        Assert.Null((await Journal.FindDecisionAsync("acme", "d-1", default))!.Reward);
    }

    [ConformanceFact]
    public async Task A_verdict_out_of_range_is_refused()
    {
        await AppendDecisionAsync("acme", 1);
        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = "d-1", Reward = 1, Verdicts = [new JudgeVerdict("quality", 1, 1.5, 1)] }], Noon, default));
        Assert.Contains("submissions[0].Verdicts[0]", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task A_weight_is_kept_and_a_correction_knows_the_one_before()
    {
        await AppendDecisionAsync("acme", 1);
        var receipts = await Journal.AppendFeedbackAsync(
            "acme", [Feedback("d-1", 1, "a") with { Weight = 0.25 }, Feedback("d-1", 0.5, "b") with { Weight = 0.75 }], Noon, default);
        await _fixture.ReopenAsync();
        Assert.Equal((0.5, 0.75), await InForceAsync());
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0, "c")], Noon, default);

        var rewards = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<RewardedEvent>().ToList();
        Assert.Equal([(0.25, 1), (0.75, 0.25), (1, 0.75)], rewards.Select(r => (r.Weight, r.PreviousWeight)));
        Assert.Equivalent(rewards.Take(2), receipts.Select(r => r.Recorded), strict: true);
        Assert.Equal((0, 1), await InForceAsync());

        async Task<(double?, double)> InForceAsync()
        {
            var found = await Journal.FindDecisionAsync("acme", "d-1", default);
            return (found!.Reward, found.RewardWeight);
        }
    }

    [ConformanceFact]
    public async Task Feedback_of_a_decision_that_counts_less_counts_less_and_is_still_told_apart_by_what_was_said()
    {
        var decision = TestTenants.Decision("acme", 1, 0) with { User = 7, UserWeight = 0.25, Key = "key-1" };
        await Journal.AppendDecisionsAsync([decision], default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, null) with { Weight = 0.5 }], Noon, default);
        await _fixture.ReopenAsync();
        var receipts = await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, null) with { Weight = 0.5 }], Noon, default);
        Assert.Equal(FeedbackStatus.Duplicate, receipts[0].Status);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0, null)], Noon, default);
        var rewards = (await Journal.ReadEventsAsync("acme", 0, 10, default)).Cast<RewardedEvent>().ToList();
        Assert.Equal([(0.125, 1), (0.25, 0.125)], rewards.Select(r => (r.Weight, r.PreviousWeight)));
        Assert.All(rewards, r => Assert.Equal(0.25, r.Decision.UserWeight));
        Assert.Equivalent(decision, (await Journal.FindDecisionAsync("acme", "d-1", default))!.Decision, strict: true);
    }

    [ConformanceTheory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public async Task A_weight_out_of_range_is_refused(double weight)
    {
        await AppendDecisionAsync("acme", 1);
        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1) with { Weight = weight }], Noon, default));
        Assert.Contains("submissions[0].Weight", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [ConformanceTheory]
    [InlineData(double.NaN, "k", "Reward")]
    [InlineData(-0.01, "k", "Reward")]
    [InlineData(1.01, "k", "Reward")]
    [InlineData(0.5, "", "IdempotencyKey")]
    [InlineData(0.5, "unkeyed:1", "IdempotencyKey")]
    [InlineData(0.5, "k\0", "IdempotencyKey")]
    public async Task Feedback_out_of_range_is_refused_whole(double reward, string key, string field)
    {
        await AppendDecisionAsync("acme", 1);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1, "good"), Feedback("d-1", reward, key)], Noon, default));

        Assert.Contains($"submissions[1].{field}", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task A_settlement_without_cost_or_out_of_range_is_refused()
    {
        await AppendDecisionAsync("acme", 1);
        foreach (var (bad, field) in ((Settlement, string)[])
        [
            (Settlement("d-1", 0) with { CostUsd = null }, "CostUsd"),
            (Settlement("d-1", double.PositiveInfinity), "CostUsd"),
            (Settlement("d-1", 1) with { Usage = new TokenUsage(1, 2, 3) }, "Usage.CachedInput"),
            (Settlement("d-1", 1) with { LatencySeconds = -1 }, "LatencySeconds"),
        ])
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendSettlementAsync("acme", bad, Noon, default));
            Assert.Contains(field, error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    [ConformanceFact]
    public async Task Finding_a_decision_tells_what_became_of_it()
    {
        var decision = await AppendDecisionAsync("acme", 1);
        var running = await Journal.FindDecisionAsync("acme", "d-1", default);
        await Journal.AppendRerouteAsync("acme", new Reroute("d-1", "large", 0.2, "timeout", 2.5), Noon, default);
        var settlement = Settlement("d-1", 0.3);
        await Journal.AppendSettlementAsync("acme", settlement, Noon, default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0.75)], Noon, default);
        var ended = await Journal.FindDecisionAsync("acme", "d-1", default);

        Assert.Equivalent(
            new StoredDecision { Decision = decision, ServedArm = "small", ReservedUsd = 0.001, BoundUsd = 0.02 }, running, strict: true);
        Assert.Equivalent(
            new StoredDecision
            {
                Decision = decision, ServedArm = "large", ReservedUsd = 0.2, BoundUsd = 2.52, Settlement = settlement, Reward = 0.75, FeedbackCount = 1,
            },
            ended,
            strict: true);
    }

    [ConformanceFact]
    public async Task Several_decisions_are_found_at_once_each_as_it_is_found_alone()
    {
        for (var ordinal = 1; ordinal <= 12; ordinal++)
        {
            await AppendDecisionAsync("acme", ordinal);
        }

        await AppendDecisionAsync("other", 1);
        await Journal.AppendRerouteAsync("acme", new Reroute("d-2", "large", 0.2, "timeout"), Noon, default);
        await Journal.AppendSettlementAsync("acme", Settlement("d-2", 0.3), Noon, default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-10", 0.75)], Noon, default);

        var found = await Journal.FindDecisionsAsync("acme", ["d-10", "d-2", "gone", "d-2", "", "d-1", "\"],['"], default);

        Assert.Equal([1, 2, 10], found.Select(stored => stored.Decision.Ordinal));
        foreach (var stored in found)
        {
            Assert.Equivalent(await Journal.FindDecisionAsync("acme", stored.Decision.DecisionId, default), stored, strict: true);
        }

        Assert.Equal(12, (await Journal.FindDecisionsAsync("acme", [.. Enumerable.Range(1, 12).Select(i => $"d-{i}")], default)).Count);
        Assert.Empty(await Journal.FindDecisionsAsync("acme", [], default));
        Assert.Empty(await Journal.FindDecisionsAsync("nobody", ["d-1"], default));
    }

    [ConformanceFact]
    public async Task Unsettled_decisions_are_found_oldest_first()
    {
        for (var ordinal = 1; ordinal <= 5; ordinal++)
        {
            await Journal.AppendDecisionAsync(TestTenants.Decision("acme", ordinal, 0, Noon.AddMinutes(ordinal)), default);
        }

        await Journal.AppendSettlementAsync("acme", Settlement("d-2", 0.3), Noon, default);

        Assert.Equal(["d-1", "d-3", "d-4"], await Journal.FindUnsettledAsync("acme", Noon.AddMinutes(5), 10, default));
        Assert.Equal(["d-1", "d-3"], await Journal.FindUnsettledAsync("acme", Noon.AddMinutes(5), 2, default));
        Assert.Empty(await Journal.FindUnsettledAsync("acme", Noon.AddMinutes(1), 10, default));
        Assert.Empty(await Journal.FindUnsettledAsync("other", Noon.AddDays(1), 10, default));
    }

    [ConformanceFact]
    public async Task A_state_stands_for_the_beginning_only_of_the_journal_that_it_has_folded()
    {
        Assert.Null(await Journal.FindBaseAsync("acme", default));
        await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default);
        await AppendDecisionAsync("acme", 1);
        await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.1), Noon, default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1)], Noon, default);
        foreach (var (sequence, ordinal) in ((long, long)[])[(4, 1), (3, 2)])
        {
            await Assert.ThrowsAsync<FencedException>(async () => await Journal.SetBaseAsync("acme", new Snapshot(sequence, ordinal, new byte[] { 9 }), default));
        }

        await Assert.ThrowsAsync<FencedException>(async () => await Journal.SetBaseAsync("nobody", new Snapshot(0, 0, new byte[] { 9 }), default));
        await Journal.SetBaseAsync("acme", new Snapshot(2, 1, new byte[] { 1, 2 }), default);

        // What another owner makes without an event of the state would not follow it.
        await Assert.ThrowsAsync<FencedException>(async () => await Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 1), default));
        await Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 2), default);
        await Assert.ThrowsAsync<FencedException>(async () => await Journal.SetBaseAsync("acme", new Snapshot(3, 1, new byte[] { 9 }), default));
        await Assert.ThrowsAsync<FencedException>(async () => await Journal.SetBaseAsync("acme", new Snapshot(1, 1, new byte[] { 9 }), default));
        await Journal.SetBaseAsync("acme", new Snapshot(3, 2, new byte[] { 3 }), default);
        await _fixture.ReopenAsync();

        var found = await Journal.FindBaseAsync("acme", default);
        Assert.Equal((3L, 2L), (found!.AppliedSequence, found.DecisionOrdinal));
        Assert.Equal([3], found.State.ToArray());
        Assert.Equal([new("acme", 2, 3, 3)], await Journal.ReadHeadsAsync(["acme"], default));
    }

    [ConformanceFact]
    public async Task A_tenant_that_is_deleted_is_unknown_and_may_begin_anew_and_no_other_is_touched()
    {
        foreach (var tenant in (string[])["acme", "other"])
        {
            await Journal.AppendConfigurationAsync(tenant, TestTenants.Configuration(), Noon, default);
            await AppendDecisionAsync(tenant, 1);
            await AppendDecisionAsync(tenant, 2);
            await Journal.AppendSettlementAsync(tenant, Settlement("d-1", 0.1), Noon, default);
            await Journal.AppendFeedbackAsync(tenant, [Feedback("d-1", 1)], Noon, default);
            await Journal.SetBaseAsync(tenant, new Snapshot(3, 2, new byte[] { 1 }), default);
        }

        await Journal.DeleteTenantAsync("acme", default);
        await Journal.DeleteTenantAsync("nobody", default);
        await _fixture.ReopenAsync();

        Assert.Empty(await Journal.ReadDecisionsAsync("acme", 0, 10, default));
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
        Assert.Empty(await Journal.ReadHeadsAsync(["acme"], default));
        Assert.Null(await Journal.FindDecisionAsync("acme", "d-1", default));
        Assert.Null(await Journal.FindBaseAsync("acme", default));
        Assert.Null(await Journal.AppendSettlementAsync("acme", Settlement("d-2", 0.1), Noon, default));
        Assert.Equal(FeedbackStatus.UnknownDecision, Assert.Single(await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1)], Noon, default)).Status);
        await Assert.ThrowsAsync<FencedException>(() => AppendDecisionAsync("acme", 3));
        Assert.Equal(2, (await Journal.ReadDecisionsAsync("other", 0, 10, default)).Count);
        Assert.Equal(3, (await Journal.ReadEventsAsync("other", 0, 10, default)).Count);

        Assert.Equal(1, (await Journal.AppendConfigurationAsync("acme", TestTenants.Configuration(), Noon, default)).Sequence);
        await AppendDecisionAsync("acme", 1);
        await Journal.AppendSettlementAsync("acme", Settlement("d-1", 0.2), Noon, default);
        await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 0.25)], Noon, default);
        Assert.Equal(0.25, (await Journal.FindDecisionAsync("acme", "d-1", default))!.Reward);
        Assert.Equal(3, (await Journal.ReadEventsAsync("acme", 0, 10, default)).Count);
        Assert.Equal(1, (await Journal.FindDecisionAsync("other", "d-1", default))!.Reward);
    }

    [ConformanceFact]
    public async Task Heads_of_many_tenants_are_read_at_once()
    {
        await AppendDecisionAsync("acme", 1);
        await AppendDecisionAsync("acme", 2);
        await Journal.AppendConfigurationAsync("other", TestTenants.Configuration(), Noon, default);

        var heads = await Journal.ReadHeadsAsync(["other", "acme", "nobody"], default);

        Assert.Equal([new("acme", 2, 0), new("other", 0, 1)], heads.OrderBy(head => head.Tenant, StringComparer.Ordinal));
        Assert.Empty(await Journal.ReadHeadsAsync([], default));
    }

    [ConformanceFact]
    public async Task Tenants_with_calls_that_have_not_ended_are_found_at_once()
    {
        foreach (var tenant in (string[])["open", "settled", "young"])
        {
            await AppendDecisionAsync(tenant, 1);
        }

        await Journal.AppendSettlementAsync("settled", Settlement("d-1", 0.1), Noon, default);
        var made = TestTenants.Decision("open", 1, 0).At;

        Assert.Equal(["open"], await Journal.FindTenantsWithUnsettledAsync(["settled", "open", "nobody"], made.AddTicks(1), default));
        Assert.Empty(await Journal.FindTenantsWithUnsettledAsync(["settled", "open", "young"], made, default));
    }

    [ConformanceFact]
    public async Task Concurrent_appends_of_many_tenants_keep_every_sequence_gap_free()
    {
        string[] tenants = ["a", "b", "c", "d"];
        await Task.WhenAll(tenants.Select(tenant => AppendDecisionAsync(tenant, 1)));

        var receipts = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
            (Tenant: tenants[i % 4],
             Receipt: (await Journal.AppendFeedbackAsync(tenants[i % 4], [Feedback("d-1", i / 400.0, $"key-{i}")], Noon, default))[0]))));

        foreach (var tenant in tenants)
        {
            var events = (await Journal.ReadEventsAsync(tenant, 0, 1000, default)).Cast<RewardedEvent>().ToList();
            Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), events.Select(e => e.Sequence));
            Assert.Equal(
                Enumerable.Range(1, 100).Select(i => (long?)i),
                receipts.Where(r => r.Tenant == tenant).Select(r => r.Receipt.Sequence).Order());
            Assert.Equal(events.SkipLast(1).Select(e => (double?)e.Reward).Prepend(null), events.Select(e => e.PreviousReward));
        }
    }

    [ConformanceFact]
    public async Task A_refused_append_does_not_harm_the_others_of_its_time()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            try
            {
                // Every second one asks for an ordinal that cannot come next.
                await Journal.AppendDecisionAsync(TestTenants.Decision($"tenant-{i}", i % 2 == 0 ? 1 : 7, 0), default);
                return true;
            }
            catch (FencedException)
            {
                return false;
            }
        })));

        Assert.Equal(Enumerable.Range(0, 64).Select(i => i % 2 == 0), attempts);
    }

    [ConformanceFact]
    public async Task A_cancelled_append_writes_nothing()
    {
        var cancelled = new CancellationToken(true);
        await AppendDecisionAsync("acme", 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Journal.AppendFeedbackAsync("acme", [Feedback("d-1", 1)], Noon, cancelled));

        Assert.Single(await Journal.ReadDecisionsAsync("acme", 0, 10, default));
        Assert.Empty(await Journal.ReadEventsAsync("acme", 0, 10, default));
    }

    private static FeedbackSubmission Feedback(string decisionId, double reward, string? key = "key") =>
        new() { DecisionId = decisionId, Reward = reward, IdempotencyKey = key };

    private static Settlement Settlement(string decisionId, double costUsd) => new()
    {
        DecisionId = decisionId,
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(100, 20, 30.5),
        CostUsd = costUsd,
        LatencySeconds = 1.25,
    };

    private async Task<DecisionRecord> AppendDecisionAsync(string tenant, long ordinal)
    {
        var decision = TestTenants.Decision(tenant, ordinal, 0);
        await Journal.AppendDecisionAsync(decision, default);
        return decision;
    }
}
