using MetaLlm.Core.Arms;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

/// <summary>What an operator expects of models, in a tenant's configuration.</summary>
public sealed class ModelCardTests
{
    private static readonly ModelCard Good = new() { Quality = 0.6, ByTask = new Dictionary<string, double> { ["code"] = 0.2 } };
    private static readonly ModelCard Poor = new() { Quality = 0.1, Weight = 50 };

    [Theory]
    [InlineData("metallm")]
    [InlineData("metallm-cold")]
    public void The_first_decisions_go_by_the_cards(string policy)
    {
        var log = new Log(Configuration(policy, Good, Poor, null));
        var decision = log.Decide(Log.Query(1));
        Assert.Equal("a", decision.GreedyArm);
        var qualities = log.Decide(Log.Query(2, "code")).Arms.Select(arm => arm.Quality).ToArray();
        Assert.True(qualities[0] < decision.Arms[0].Quality - 0.25, $"{qualities[0]} for code, {decision.Arms[0].Quality} for the rest");
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 7L)]
    [InlineData(true, 7L)]
    public void A_snapshot_and_the_journal_hold_them(bool conversations, long? version)
    {
        var log = new Log(Configuration("metallm-cold", Good, Poor, null) with { Conversations = conversations ? new ConversationSettings() : null, Version = version });
        Play(log, 70);
        log.Configure(log.State.Configuration! with { Arms = Arms(Poor, null, Good with { Weight = 5 }) });
        Play(log, 30);
        var loaded = log.Reload();
        Assert.Equal(log.State.Configuration!.Arms.Select(arm => arm.Card), loaded.Configuration!.Arms.Select(arm => arm.Card));
        Assert.Equal(version, loaded.Configuration.Version);
        Assert.Equal(log.Save(), Log.Save(loaded));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        var request = new DecisionRequest { Features = Log.Query(2, "code") };
        Assert.Equal(log.State.Decide(request, log.Clock).Arms, loaded.Decide(request, log.Clock).Arms);
    }

    [Fact]
    public void Rewards_overrule_a_card()
    {
        var log = new Log(Configuration("metallm", Good, Poor, null));
        for (var i = 0; i < 200; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i));
            log.Settle(decision, 0.001);
            log.Reward(decision, decision.ChosenArm == "b" ? 1 : 0);
        }

        Assert.Equal("b", log.Decide(Log.Query(1000)).GreedyArm);
    }

    [Fact]
    public void Cards_of_a_policy_that_reads_none_change_nothing()
    {
        var (with, without) = (new Log(Configuration("linucb", Good, Poor, null)), new Log(Configuration("linucb", null, null, null)));
        Assert.Equal(without.Decide(Log.Query(1)).Arms, with.Decide(Log.Query(1)).Arms);
    }

    [Fact]
    public void Cards_that_come_and_go_leave_the_state_as_large_as_it_was()
    {
        var (with, without) = (new Log(Configuration("metallm", null, null, null)), new Log(Configuration("metallm", null, null, null)));
        Play(without, 10, arm: 0);
        Play(with, 10, arm: 0);
        var plain = without.Save().Length;
        Assert.Equal(plain, with.Save().Length);
        with.Configure(Configuration("metallm", Good, null, null));
        Assert.True(with.Save().Length > plain);
        with.Configure(Configuration("metallm", null, null, null));
        Assert.InRange(with.Save().Length, plain, plain + 16);
    }

    [Fact]
    public void A_model_that_joins_a_tenant_with_a_warm_start_is_expected_to_be_above_the_others_as_its_card_is()
    {
        double Joins(ModelCard? card)
        {
            var log = new Log(Configuration("metallm", Poor, Poor, null) with { Arms = [.. Arms(Poor, Poor, null).Take(2)] });
            log.State.WarmStart([.. Enumerable.Range(0, 40).Select(i => new WarmStartQuery(Log.Query((ulong)i), [0.5, 0.5 + (0.01 * (i % 2))], [new(50, 0, 100), new(50, 0, 100)], [0.01, 0.01], [1, 1]))]);
            log.Configure(Configuration("metallm", Poor, Poor, card));
            return log.Decide(Log.Query(1000)).Arms[2].Quality;
        }

        Assert.True(Joins(Good) > Joins(Poor) + 0.15, $"{Joins(Good)}, {Joins(Poor)}");
    }

    [Theory]
    [InlineData(0.5, 0.5, "Weight")]
    [InlineData(201, 0.5, "Weight")]
    [InlineData(20, 1.1, "Quality")]
    [InlineData(20, double.NaN, "Quality")]
    public void A_number_out_of_range_is_named(double weight, double quality, string field)
    {
        var arms = Arms(new ModelCard { Weight = weight, Quality = quality }, null, null);
        Assert.Equal($"Arms[0].Card.{field}", Assert.Single(TenantConfigurationValidator.Validate(new TenantConfiguration { Arms = arms })).Field);
    }

    [Fact]
    public void A_card_that_says_nothing_and_a_task_out_of_range_are_named()
    {
        var arms = Arms(new ModelCard(), new ModelCard { ByTask = new Dictionary<string, double> { ["code"] = -1 } }, null);
        Assert.Equal(["Arms[0].Card.Quality", "Arms[1].Card.ByTask[code]"], TenantConfigurationValidator.Validate(new TenantConfiguration { Arms = arms }).Select(error => error.Field));
    }

    [Fact]
    public void Cards_are_equal_by_what_they_say()
    {
        var first = new ModelCard { ByTask = new Dictionary<string, double> { ["a"] = 0.1, ["b"] = 0.2 } };
        Assert.Equal(first, new ModelCard { ByTask = new Dictionary<string, double> { ["b"] = 0.2, ["a"] = 0.1 } });
        Assert.NotEqual(first, new ModelCard { ByTask = new Dictionary<string, double> { ["b"] = 0.2, ["a"] = 0.3 } });
    }

    private static void Play(Log log, int requests, int? arm = null)
    {
        for (var i = 0; i < requests; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i, i % 2 == 0 ? "code" : null), request => arm is null ? request : request with { PinnedArm = "a" });
            log.Settle(decision, 0.001);
            log.Reward(decision, i % 3 / 2.0);
        }
    }

    private static TenantConfiguration Configuration(string policy, ModelCard? a, ModelCard? b, ModelCard? c) => new() { Arms = Arms(a, b, c), Policy = policy };

    private static Arm[] Arms(ModelCard? a, ModelCard? b, ModelCard? c) =>
        [Log.Arm("a", 0.001) with { Card = a }, Log.Arm("b", 0.001) with { Card = b }, Log.Arm("c", 0.001) with { Card = c }];
}
