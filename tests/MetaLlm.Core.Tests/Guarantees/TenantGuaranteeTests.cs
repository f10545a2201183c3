using MetaLlm.Core.Arms;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Guarantees;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Guarantees;

public sealed class TenantGuaranteeTests
{
    private const double Rate = 0.02;

    private static readonly TenantConfiguration Promised = new()
    {
        Arms = [Log.Arm("bad", 0.0001), Log.Arm("large", 0.01), Log.Arm("good", 0.001)],
        Policy = "linucb",
        Guarantee = new GuaranteeSettings { Reference = "large", Difference = 0.1 },
    };

    [Fact]
    public void The_reference_serves_until_another_arm_is_proven_which_then_saves_money()
    {
        var log = new Log(Promised);
        var early = Play(log, 0, 16);
        Assert.All(early, decision => Assert.Equal(("large", 1.0, "large"), (decision.ChosenArm, decision.Propensity, decision.GreedyArm)));
        Assert.Contains(early, decision => decision.Guarantee!.Beside is "bad" or "good");

        var late = Play(log, 16, 984);
        Assert.Contains(late.TakeLast(200), decision => decision.ChosenArm == "good");
        var report = log.State.Report().Guarantee!;
        var certificate = report.Certificate;
        Assert.Equal(("large", 1000, 0), (report.Reference, certificate.Total.Requests, certificate.Pending));
        Assert.True(certificate.UsedUp <= certificate.Allowed, $"{certificate.UsedUp} of {certificate.Allowed} were used up.");
        Assert.Equal(100, certificate.Allowed, 9);
        Assert.True(certificate.SpentUsd < certificate.ReferenceUsd);
        Assert.Equal(certificate.Total.Diverted, certificate.Arms.Sum(arm => arm.Requests));
        Assert.Equal(certificate.Total.Audits, certificate.Arms.Sum(arm => arm.Audits));
        Assert.True(certificate.Arms[1].Requests > 0 && report.Candidates[1] == "good");
    }

    [Fact]
    public void Nobody_but_the_reference_takes_over_and_where_it_cannot_serve_the_request_is_refused()
    {
        var log = new Log(Promised);
        var decision = Decide(log, 1);
        Assert.Equal([ArmExclusions.Guarantee, null, ArmExclusions.Guarantee], decision.Arms.Select(arm => arm.Exclusion));
        var refusal = Assert.Throws<NoFeasibleArmException>(() => Decide(log, 2, request => request with { UnhealthyArms = ["large"] }));
        Assert.Equal([ArmExclusions.Guarantee, ArmExclusions.Unhealthy, ArmExclusions.Guarantee], refusal.Exclusions.Select(one => one.Value));

        Play(log, 3, 1000);
        var diverted = Enumerable.Range(2000, 50).Select(i => Decide(log, i)).First(one => one.ChosenArm == "good");
        Assert.Equal([ArmExclusions.Guarantee, null, null], diverted.Arms.Select(arm => arm.Exclusion));
    }

    [Fact]
    public void Callers_that_name_models_and_requests_that_the_reference_cannot_take_are_none_of_its_business()
    {
        var log = new Log(Promised with { Arms = [Promised.Arms[0], Promised.Arms[1] with { Capabilities = ["tools"] }, Promised.Arms[2]] });
        Assert.Null(Decide(log, 1, request => request with { PinnedArm = "good" }).Guarantee);
        Assert.Null(Decide(log, 2, request => request with { AllowedArms = ["good", "bad"] }).Guarantee);
        Assert.Null(Decide(log, 3, request => request with { RequiredCapabilities = ["vision"] }).Guarantee);
        Assert.Equal(0, log.State.Report().Guarantee!.Certificate.Total.Requests);
        Assert.NotNull(Decide(log, 4).Guarantee);
        var shown = Decide(log, 5, request => request with { Origin = DecisionOrigin.Route });
        Assert.Equal(("large", null), (shown.ChosenArm, shown.Guarantee!.Beside));
    }

    [Fact]
    public void A_second_verdict_changes_nothing_and_one_that_never_comes_is_given_up()
    {
        var log = new Log(Promised);
        var waiting = Enumerable.Range(0, 50).Select(i => Decide(log, i)).First(decision => decision.Guarantee!.Beside is not null);
        Assert.True(log.State.AwaitsComparison(waiting.Ordinal));
        Compare(log, waiting, true);
        Assert.False(log.State.AwaitsComparison(waiting.Ordinal));
        var before = log.State.Report().Guarantee!.Certificate;
        Compare(log, waiting, false);
        Assert.Equal(before.Candidates, log.State.Report().Guarantee!.Certificate.Candidates);

        var forgotten = Enumerable.Range(50, 50).Select(i => Decide(log, i)).First(decision => decision.Guarantee!.Beside is not null);
        log.Clock = log.Clock.AddHours(2);
        Decide(log, 100);
        Assert.False(log.State.AwaitsComparison(forgotten.Ordinal));
    }

    [Fact]
    public void A_replay_and_a_snapshot_in_the_middle_prove_the_same_and_learning_again_keeps_it()
    {
        var log = new Log(Promised);
        Play(log, 0, 300);
        Decide(log, 300);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        var copy = new Log(Promised) { State = log.Reload(), Clock = log.Clock };
        Assert.Equal(log.Save(), copy.Save());
        Assert.Equal(Play(log, 301, 300).Select(one => one.ChosenArm), Play(copy, 301, 300).Select(one => one.ChosenArm));
        Assert.Equal(log.Save(), copy.Save());

        var proven = log.State.Report().Guarantee!.Certificate;
        log.Relearn(Promised with { Policy = "lin-ts" });
        Assert.Equal(proven.Total, log.State.Report().Guarantee!.Certificate.Total);
        Assert.Equal(proven.Candidates, log.State.Report().Guarantee!.Certificate.Candidates);
    }

    [Fact]
    public void Arms_that_come_go_or_change_their_name_leave_what_is_proven_of_the_others()
    {
        var log = new Log(Promised);
        Play(log, 0, 800);
        var before = Evidence(log, "good");
        Assert.NotEmpty(before);
        log.Configure(Promised with { Arms = [Log.Arm("new", 0.002), Promised.Arms[2], Promised.Arms[1]] });
        Assert.Equal(before, Evidence(log, "good"));
        log.Configure(Promised with { Arms = [Log.Arm("new", 0.002), Promised.Arms[2] with { Id = "better", RenamedFrom = "good" }, Promised.Arms[1]] });
        Assert.Equal(before, Evidence(log, "better"));
        Assert.Equal(800, log.State.Report().Guarantee!.Certificate.Total.Requests);
        Play(log, 800, 100);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void An_arm_that_is_not_enabled_holds_no_other_one_back_and_what_was_proven_of_it_is_kept()
    {
        Arm[] Arms(bool isEnabled) => [Promised.Arms[1], Promised.Arms[2], Log.Arm("cheap", 0.0001) with { Enabled = isEnabled }];
        var log = new Log(Promised with { Arms = Arms(isEnabled: false) });
        Assert.Contains(Play(log, 0, 600), decision => decision.ChosenArm == "good");

        log.Configure(Promised with { Arms = Arms(isEnabled: true) });
        Assert.Contains(Play(log, 600, 800), decision => decision.ChosenArm == "cheap");
        var proven = Evidence(log, "cheap");

        log.Configure(Promised with { Arms = Arms(isEnabled: false) });
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Contains(Play(log, 1400, 20), decision => decision.ChosenArm == "good");
        Assert.Equal(proven, Evidence(log, "cheap"));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));

        log.Configure(Promised with { Arms = Arms(isEnabled: true) });
        Assert.Contains(Play(log, 1420, 20), decision => decision.ChosenArm == "cheap");
    }

    [Fact]
    public void An_arm_that_lacks_what_a_topic_needs_holds_no_other_one_back()
    {
        var log = new Log(Promised with { Arms = [Promised.Arms[1] with { Capabilities = ["vision"] }, Promised.Arms[2] with { Capabilities = ["vision"] }, Log.Arm("cheap", 0.0001) with { Capabilities = ["tools"] }] });

        Assert.Contains(Play(log, 0, 600, request => request with { RequiredCapabilities = ["vision"] }), decision => decision.ChosenArm == "good");
    }

    [Fact]
    public void Another_promise_begins_anew_and_none_leaves_nothing()
    {
        var log = new Log(Promised);
        var plain = new Log(Promised with { Guarantee = null });
        Play(log, 0, 200);
        log.Configure(Promised with { Guarantee = Promised.Guarantee! with { Purse = 0.3 } });
        Assert.Equal(200, log.State.Report().Guarantee!.Certificate.Total.Requests);
        foreach (var other in (GuaranteeSettings[])[Promised.Guarantee! with { Difference = 0.05 }, Promised.Guarantee! with { Equality = "json" }, Promised.Guarantee! with { Reference = "good" }])
        {
            log.Configure(Promised with { Guarantee = other });
            Assert.Equal(0, log.State.Report().Guarantee!.Certificate.Total.Requests);
            Play(log, 200, 5);
        }

        log.Configure(Promised with { Guarantee = null });
        Assert.Null(log.State.Report().Guarantee);
        Assert.Null(Decide(log, 1).Guarantee);
        Assert.Equal(plain.Reload().Report().StateHash, plain.State.Report().StateHash);
    }

    [Fact]
    public void A_turn_that_must_stay_with_its_model_stays_and_uses_up_what_is_known_of_it()
    {
        var log = new Log(Promised with { Conversations = new ConversationSettings() });
        var first = Decide(log, 1, request => request with { PinnedArm = "bad", Conversation = Turn(0, 11, ConversationHold.None) });
        var held = Decide(log, 2, request => request with { Conversation = Turn(11, 12, ConversationHold.ToolResult) });
        Assert.Equal(("bad", ConversationChoice.Held, 1.0), (held.ChosenArm, held.Conversation!.Choice, held.Guarantee!.Bound));
        Assert.Equal("bad", first.ChosenArm);
        var free = Decide(log, 3, request => request with { Conversation = Turn(12, 13, ConversationHold.None) });
        Assert.Equal(("large", ConversationChoice.Switched), (free.ChosenArm, free.Conversation!.Choice));
        Assert.Equal(1, log.State.Report().Guarantee!.Certificate.UsedUp);
    }

    [Fact]
    public void Settings_that_contradict_a_promise_are_refused_by_name()
    {
        string[] Fields(TenantConfiguration configuration) => [.. TenantConfigurationValidator.Validate(configuration).Select(error => error.Field)];
        Assert.Empty(Fields(Promised));
        Assert.Equal(["Guarantee.Reference"], Fields(Promised with { Guarantee = Promised.Guarantee! with { Reference = "gone" } }));
        Assert.Equal(["Guarantee.Difference"], Fields(Promised with { Guarantee = Promised.Guarantee! with { Difference = 1 } }));
        Assert.Equal(["Guarantee.Reference"], Fields(Promised with { Arms = [Promised.Arms[0], Promised.Arms[1] with { Enabled = false }] }));
        Assert.Equal(["Canary", "ExplorationFloor", "QualityFloor"], Fields(Promised with { Canary = new CanarySettings { Arm = "good" }, ExplorationFloor = 0.1, QualityFloor = 0.5 }));
        Assert.Equal(["Guarantee"], Fields(Promised with { Shards = 2 }));
    }

    private static ConversationTurn Turn(ulong prefix, ulong whole, ConversationHold hold) => new() { Prefix = prefix, Whole = whole, Hold = hold };

    private static List<CandidateEvidence> Evidence(Log log, string armId)
    {
        var report = log.State.Report().Guarantee!;
        return [.. report.Certificate.Candidates.Where(one => report.Candidates[one.Arm] == armId).Select(one => one with { Arm = 0 })];
    }

    private static DecisionRecord Decide(Log log, int i, Func<DecisionRequest, DecisionRequest>? change = null) => log.Decide(
        Log.Query((ulong)i), request => change is null ? request with { Origin = DecisionOrigin.Call } : change(request with { Origin = DecisionOrigin.Call }));

    private static void Compare(Log log, DecisionRecord decision, bool? differs) =>
        log.Event(new ComparedEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Ordinal = decision.Ordinal, Differs = differs });

    // "good" differs seldom, "bad" always.
    private static List<DecisionRecord> Play(Log log, int from, int count, Func<DecisionRequest, DecisionRequest>? change = null)
    {
        var decisions = new List<DecisionRecord>();
        for (var i = from; i < from + count; i++)
        {
            log.Clock = log.Clock.AddSeconds(1);
            var decision = Decide(log, i, change);
            decisions.Add(decision);
            if (decision.Guarantee!.Beside is { } beside)
            {
                var compared = decision.ChosenArm == "large" ? beside : decision.ChosenArm;
                Compare(log, decision, compared == "bad" || CounterRandom.Uniform(99, (ulong)i) < Rate);
            }
        }

        return decisions;
    }
}
