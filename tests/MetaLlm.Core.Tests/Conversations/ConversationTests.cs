using MetaLlm.Core.Arms;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Conversations;

public sealed class ConversationTests
{
    private const double Prompt = 20_000;

    private static readonly PromptCache Cache = new();

    [Fact]
    public void A_conversation_is_found_by_its_messages_and_keeps_its_model()
    {
        var log = Started(out var first);
        var next = Ask(log, 2, Turn(2));
        Assert.Equal((2, ConversationChoice.Kept, first.ChosenArm, first.Ordinal), Place(next));
        Assert.Equal((1.0, first.ChosenArm), (next.Propensity, next.ChosenArm));
        var third = Ask(log, 3, Turn(3));
        Assert.Equal((3, ConversationChoice.Kept, first.ChosenArm, next.Ordinal), Place(third));
    }

    [Fact]
    public void A_named_conversation_goes_on_whatever_its_messages_are_and_another_name_is_another_conversation()
    {
        var log = new Log(Configuration());
        var first = Ask(log, 1, Turn(1) with { Key = 7 });
        Assert.Equal(ConversationChoice.Begun, Ask(log, 2, Turn(2) with { Key = 8 }).Conversation!.Choice);
        var next = Ask(log, 2, Turn(50) with { Key = 7 });
        Assert.Equal((2, ConversationChoice.Kept, first.ChosenArm, first.Ordinal), Place(next));

        // The messages are not those of before: whatever a cache holds, it is not this.
        Assert.All(next.Arms, arm => Assert.Equal(0, arm.CachedTokens));
        Assert.Equal(next.Ordinal, log.State.FindConversation(7));
        Assert.Equal(0, log.State.FindConversation(9));
    }

    [Fact]
    public void A_response_is_gone_on_from_by_its_id()
    {
        var log = new Log(Configuration());
        var first = Ask(log, 1, Turn(1) with { IsStored = true });
        var next = Ask(log, 2, new ConversationTurn { Previous = ConversationHandle.OfResponse("acme", first.DecisionId), Whole = 99 });
        Assert.Equal((2, ConversationChoice.Kept, first.ChosenArm, first.Ordinal), Place(next));
    }

    [Fact]
    public void A_fork_and_a_retry_go_on_from_where_they_begin()
    {
        var log = Started(out var first);
        Ask(log, 2, Turn(2));
        Ask(log, 3, Turn(3));
        Assert.Equal(first.ChosenArm, Ask(log, 2, Turn(2)).Conversation!.PreviousArm);
        Assert.Equal(first.ChosenArm, Ask(log, 2, Turn(2) with { Whole = 77 }).Conversation!.PreviousArm);
    }

    [Theory]
    [InlineData(ConversationHold.ToolResult)]
    [InlineData(ConversationHold.Reasoning)]
    public void While_something_is_open_the_model_stays_however_dear_it_is(ConversationHold hold)
    {
        var log = Started(out var first, dear: 1);
        log.Configure(Configuration(priceWeight: 1e6));
        var next = Ask(log, 2, Turn(2) with { Hold = hold });
        Assert.Equal((2, ConversationChoice.Held, first.ChosenArm, first.Ordinal), Place(next));
        Assert.Equal((first.ChosenArm, first.ChosenArm, 1.0), (next.ChosenArm, next.GreedyArm, next.Propensity));
        Assert.Equal(ConversationChoice.Switched, Ask(log, 3, Turn(3)).Conversation!.Choice);
    }

    [Fact]
    public void A_model_that_cannot_serve_is_replaced_and_where_something_is_open_that_is_told()
    {
        var log = Started(out var first);
        DecisionRequest Without(DecisionRequest request) => request with { UnhealthyArms = [first.ChosenArm] };
        var next = Ask(log, 2, Turn(2), Without);
        Assert.Equal(ConversationChoice.Replaced, next.Conversation!.Choice);
        Assert.NotEqual(first.ChosenArm, next.ChosenArm);
        var open = Ask(log, 3, Turn(3) with { Hold = ConversationHold.ToolResult }, request => request with { UnhealthyArms = [next.ChosenArm] });
        Assert.Equal((ConversationChoice.Unsafe, true), (open.Conversation!.Choice, open.Conversation.IsMixed));
        Assert.Equal(ConversationChoice.Pinned, Ask(log, 4, Turn(4) with { Hold = ConversationHold.ToolResult }, request => request with { PinnedArm = "arm1" }).Conversation!.Choice);
    }

    [Fact]
    public void The_model_that_took_over_a_call_is_the_conversations_model()
    {
        var log = Started(out var first);
        var other = first.Arms.First(arm => arm.ArmId != first.ChosenArm);
        log.Reroute(DecisionFacts.Of(first), other);
        var next = Ask(log, 2, Turn(2));
        Assert.Equal(other.ArmId, next.Conversation!.PreviousArm);
        Assert.Equal([other.ArmId], next.Arms.Where(arm => arm.CachedTokens > 0).Select(arm => arm.ArmId));
    }

    [Fact]
    public void What_an_arm_has_served_is_predicted_at_the_price_of_its_cache_for_as_long_as_that_lasts()
    {
        var log = Started(out var first);
        var second = Ask(log, 2, Turn(2));
        var (kept, other) = (second.Arms.First(arm => arm.ArmId == first.ChosenArm), second.Arms.First(arm => arm.ArmId != first.ChosenArm));
        Assert.Equal((Prompt, 0.0), (kept.CachedTokens, other.CachedTokens));

        log.Clock += TimeSpan.FromMinutes(6);
        var late = Ask(log, 3, Turn(3));
        Assert.All(late.Arms, arm => Assert.Equal(0, arm.CachedTokens));
        Assert.True(late.Arms.First(arm => arm.ArmId == first.ChosenArm).CostUsd > 2 * kept.CostUsd);
    }

    [Fact]
    public void Nothing_is_expected_below_the_least_length_nor_without_the_marks_that_a_provider_needs()
    {
        var log = Started(out _, cache: Cache with { MinTokens = 100_000 });
        Assert.All(Ask(log, 2, Turn(2)).Arms, arm => Assert.Equal(0, arm.CachedTokens));
        log = Started(out _, cache: Cache with { NeedsMarks = true });
        Assert.All(Ask(log, 2, Turn(2)).Arms, arm => Assert.Equal(0, arm.CachedTokens));
        log = new Log(Configuration(Cache with { NeedsMarks = true }));
        Ask(log, 1, Turn(1) with { MarkedTokens = 15_000 });
        Assert.Equal(15_000, Ask(log, 2, Turn(2) with { MarkedTokens = 22_000 }).Arms.Max(arm => arm.CachedTokens));
    }

    [Fact]
    public void A_write_to_the_cache_costs_its_own_price()
    {
        var marked = Cache with { NeedsMarks = true, WritePrice = 2e-6 };
        var (plain, writing) = (new Log(Configuration()), new Log(Configuration(marked)));
        var turn = Turn(1) with { MarkedTokens = Prompt };
        var difference = Ask(writing, 1, turn).Arms[0].CostUsd - Ask(plain, 1, turn).Arms[0].CostUsd;
        Assert.Equal(Prompt * (2e-6 - 1e-6), difference, 9);
    }

    [Fact]
    public void A_cache_that_does_not_keep_its_promise_is_believed_in_less_and_less()
    {
        var log = Started(out var first);
        var costs = new List<double>();
        for (var t = 2; t < 30; t++)
        {
            var decision = Ask(log, t, Turn(t));
            costs.Add(decision.Arms.First(arm => arm.ArmId == first.ChosenArm).CostUsd);
            Settle(log, decision, cached: 0);
        }

        Assert.True(costs[^1] > 3 * costs[0], $"{costs[0]} to {costs[^1]}");
    }

    [Fact]
    public void Another_model_takes_over_once_its_price_pays_for_the_lost_cache_and_not_before()
    {
        // Both are as good; one costs a little less, later much less.
        static TenantConfiguration With(double usd) => Configuration(priceWeight: 100) with { Arms = [Arm("arm0", usd), Arm("arm1", 1e-6)] };
        var log = new Log(With(1.01e-6));
        Ask(log, 1, Turn(1), request => request with { PinnedArm = "arm0" });
        Assert.Equal(ConversationChoice.Kept, Ask(log, 2, Turn(2)).Conversation!.Choice);
        log.Configure(With(1e-4));
        var next = Ask(log, 3, Turn(3));
        Assert.Equal((ConversationChoice.Switched, "arm1", 1.0), (next.Conversation!.Choice, next.ChosenArm, next.Propensity));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Whatever_the_policy_a_conversation_does_not_hop(string policy)
    {
        var world = new World(3, [0.001, 0.0012, 0.0011]);
        var log = new Log(world.Configuration(policy) with { Conversations = new ConversationSettings() });
        var switches = 0;
        for (var session = 0; session < 40; session++)
        {
            for (var t = 1; t <= 8; t++)
            {
                var decision = log.Decide(world.Query((session * 8) + t), request => request with { Conversation = Turn(t, session) });
                switches += decision.Conversation!.Choice == ConversationChoice.Switched ? 1 : 0;
                Assert.Equal(t, decision.Conversation.Number);
                Assert.Equal(1, decision.Arms.Sum(arm => arm.Propensity), 9);
                log.Settle(decision, 0.001);
                log.Reward(decision, world.Reward((session * 8) + t, int.Parse(decision.ChosenArm.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        Assert.InRange(switches, 0, 140);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
    }

    [Fact]
    public void What_is_remembered_survives_a_snapshot_and_a_replay_and_is_forgotten_with_the_option()
    {
        var log = Started(out _, version: 7);
        Settle(log, Ask(log, 2, Turn(2) with { Key = 5 }), cached: 15_000);
        Ask(log, 3, Turn(3));
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        Assert.Equal(log.State.Configuration!.Version, log.Reload().Configuration!.Version);
        var request = Request(4, Turn(4));
        var (here, there) = (log.State.Decide(request, log.Clock), log.Reload().Decide(request, log.Clock));
        Assert.Equal((here.ChosenArm, Place(here), here.ReservedUsd), (there.ChosenArm, Place(there), there.ReservedUsd));
        log.Configure(log.State.Configuration with { Conversations = null });
        Assert.Null(Ask(log, 4, Turn(4)).Conversation);
        log.Configure(Configuration());
        Assert.Equal(ConversationChoice.Begun, Ask(log, 4, Turn(4)).Conversation!.Choice);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void A_tenant_without_conversations_has_the_bytes_that_it_had()
    {
        var (one, other) = (new Log(Configuration() with { Conversations = null }), new Log(Configuration() with { Conversations = null }));
        for (var t = 1; t < 5; t++)
        {
            Ask(one, t, Turn(t));
            other.Clock += TimeSpan.FromSeconds(10);
            other.Decide(Query(t));
        }

        Assert.Equal(one.Save(), other.Save());
    }

    [Fact]
    public void The_oldest_conversations_are_forgotten_first_and_idle_ones_in_time()
    {
        var log = new Log(Configuration() with { Conversations = new ConversationSettings { Remembered = 16, IdleTime = TimeSpan.FromHours(1) } });
        for (var session = 0; session < 20; session++)
        {
            Ask(log, 1, Turn(1, session) with { Key = (ulong)session + 1000 });
            Ask(log, 2, Turn(2, 0) with { Key = 1000 });
        }

        Assert.NotEqual(0, log.State.FindConversation(1000));
        Assert.Equal(0, log.State.FindConversation(1003));
        Assert.NotEqual(0, log.State.FindConversation(1019));
        log.Clock += TimeSpan.FromHours(2);
        Assert.Equal(ConversationChoice.Begun, Ask(log, 3, Turn(3, 19) with { Key = 1019 }).Conversation!.Choice);
        Assert.Equal(0, log.State.FindConversation(1018));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void A_renamed_arm_keeps_its_conversations()
    {
        var log = Started(out var first);
        log.Configure(Configuration() with { Arms = [Arm("arm0", 1e-6), Arm("newer", 2e-6) with { RenamedFrom = "arm1" }] });
        var now = first.ChosenArm == "arm1" ? "newer" : first.ChosenArm;
        var next = Ask(log, 2, Turn(2));
        Assert.Equal((now, now), (next.Conversation!.PreviousArm, next.ChosenArm));
        Assert.True(next.Arms.First(arm => arm.ArmId == now).CachedTokens > 0);
    }

    [Theory]
    [InlineData(8, "Conversations.Remembered")]
    [InlineData(100_000, "Conversations.Remembered")]
    public void Settings_out_of_range_are_refused(int remembered, string field) => Assert.Equal(
        field, Assert.Single(TenantConfigurationValidator.Validate(Configuration() with { Conversations = new ConversationSettings { Remembered = remembered } })).Field);

    [Fact]
    public void A_cache_out_of_range_is_refused()
    {
        var errors = TenantConfigurationValidator.Validate(Configuration(new PromptCache { TimeToLive = TimeSpan.Zero, MinTokens = -1, WritePrice = double.NaN }));
        Assert.Equal(["MinTokens", "TimeToLive", "WritePrice"], errors.Where(error => error.Field.StartsWith("Arms[0]", StringComparison.Ordinal)).Select(error => error.Field.Split('.')[^1]).Order());
    }

    public static TheoryData<string> Policies => World.Policies;

    private static Log Started(out DecisionRecord first, int? dear = null, PromptCache? cache = null, long? version = null)
    {
        var log = new Log(Configuration(cache) with { Version = version });
        first = Ask(log, 1, Turn(1), dear is { } arm ? request => request with { AllowedArms = [$"arm{arm}"] } : null);
        return log;
    }

    private static TenantConfiguration Configuration(PromptCache? cache = null, double priceWeight = 1) => new()
    {
        Arms = [Arm("arm0", 1e-6, cache), Arm("arm1", 2e-6, cache)],
        PriceWeight = priceWeight,
        Seed = 5,
        Conversations = new ConversationSettings(),
    };

    private static Arm Arm(string id, double usd, PromptCache? cache = null) => new()
    {
        Id = id, Prices = new TokenPrices(usd, usd / 10, 4 * usd), PromptCache = cache ?? Cache, PriorOutputTokens = 100,
    };

    // The t-th turn of a session: it repeats all that was said before.
    private static ConversationTurn Turn(int t, int session = 0) => new()
    {
        Prefix = t == 1 ? 0 : Handle(t - 1, session), Whole = Handle(t, session), PrefixTokens = Prompt * (t - 1),
    };

    private static ulong Handle(int t, int session) => (ulong)((session * 1000) + t + 1);

    private static QueryFeatures Query(int t) => Log.Query((ulong)t) with { InputTokens = Prompt * t };

    private static DecisionRequest Request(int t, ConversationTurn turn) => new() { Features = Query(t), Conversation = turn };

    private static DecisionRecord Ask(Log log, int t, ConversationTurn turn, Func<DecisionRequest, DecisionRequest>? change = null)
    {
        log.Clock += TimeSpan.FromSeconds(10);
        return log.Decide(Query(t), request => (change?.Invoke(request) ?? request) with { Conversation = turn });
    }

    private static void Settle(Log log, DecisionRecord decision, double cached) => log.Event(new SettledEvent
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Decision = DecisionFacts.Of(decision),
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(decision.InputTokens, cached, 100),
        CostUsd = 0.01,
        LatencySeconds = 1,
    });

    private static (int Number, ConversationChoice Choice, string? Arm, long Ordinal) Place(DecisionRecord decision)
    {
        var place = decision.Conversation!;
        return (place.Number, place.Choice, place.PreviousArm, place.PreviousOrdinal);
    }
}
