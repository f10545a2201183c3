using MetaLlm.Core.Arms;
using MetaLlm.Core.Sharing;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Sharing;

/// <summary>What a tenant starts with from the pool.</summary>
public sealed class TakenCardsTests
{
    private static readonly ModelCard Pooled = new() { Quality = 0.7, Weight = 11, Tenants = 3 };
    private static readonly ModelCard Own = new() { Quality = 0.1 };

    private static readonly Dictionary<string, ModelCard> Pool = new() { ["up/a"] = Pooled, ["up/b"] = Pooled with { Quality = 0.2 } };

    [Fact]
    public void A_new_tenant_takes_what_its_models_lack_and_its_own_cards_stand()
    {
        var taken = TakenCards.Complete(Configuration(true, null, Own), null, hasDecided: false, Pool);
        Assert.Equal([Pooled, Own, null], taken.Arms.Select(arm => arm.Card));
        Assert.True(TakenCards.NeedPool(Configuration(true, null, Own), null, hasDecided: false));
        Assert.False(TakenCards.NeedPool(Configuration(false, null, null), null, hasDecided: false));
    }

    [Fact]
    public void Without_agreement_nothing_is_taken()
    {
        var configuration = Configuration(false, null, null);
        Assert.Same(configuration, TakenCards.Complete(configuration, null, hasDecided: false, Pool));
        var silent = configuration with { Sharing = null };
        Assert.Same(silent, TakenCards.Complete(silent, null, hasDecided: false, Pool));
    }

    [Fact]
    public void What_was_taken_stays_and_models_that_were_tried_take_no_more()
    {
        var first = TakenCards.Complete(Configuration(true, null, null), null, hasDecided: false, Pool);
        Dictionary<string, ModelCard> later = new() { ["up/a"] = Pooled with { Quality = 0.3 }, ["up/c"] = Pooled };
        var again = TakenCards.Complete(Configuration(true, null, null), first, hasDecided: true, later);
        Assert.Equal(first.Arms, again.Arms);
        Assert.False(TakenCards.NeedPool(Configuration(true, null, null), first, hasDecided: true));
    }

    [Fact]
    public void A_model_that_joins_later_takes_what_is_known_then()
    {
        var before = TakenCards.Complete(Configuration(true, null, null), null, hasDecided: false, Pool);
        before = before with { Arms = [.. before.Arms.Take(2)] };
        var after = TakenCards.Complete(Configuration(true, null, null), before, hasDecided: true, new Dictionary<string, ModelCard> { ["up/c"] = Pooled });
        Assert.Equal(Pooled, after.Arms[2].Card);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 7L)]
    public void A_snapshot_and_the_journal_hold_what_was_agreed_and_taken(bool give, long? version)
    {
        var configuration = TakenCards.Complete(Configuration(true, null, Own), null, hasDecided: false, Pool);
        configuration = configuration with { Version = version, Sharing = configuration.Sharing! with { Give = give, Epsilon = 0.25 } };
        var log = new Log(configuration);
        for (var i = 0; i < 40; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i));
            log.Settle(decision, 0.001);
            log.Reward(decision, i % 3 / 2.0);
        }

        var loaded = log.Reload();
        Assert.Equal(configuration.Sharing, loaded.Configuration!.Sharing);
        Assert.Equal(configuration.Arms.Select(arm => arm.Card), loaded.Configuration.Arms.Select(arm => arm.Card));
        Assert.Equal(version, loaded.Configuration.Version);
        Assert.Equal(log.Save(), Log.Save(loaded));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Fact]
    public void An_agreement_alone_changes_no_decision()
    {
        var (with, without) = (new Log(Configuration(true, null, null)), new Log(Configuration(true, null, null) with { Sharing = null }));
        Assert.Equal(without.Decide(Log.Query(1)).Arms, with.Decide(Log.Query(1)).Arms);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10.5)]
    [InlineData(double.NaN)]
    public void An_epsilon_out_of_range_is_named(double epsilon)
    {
        var configuration = Configuration(true, null, null);
        Assert.Equal("Sharing.Epsilon", Assert.Single(TenantConfigurationValidator.Validate(configuration with { Sharing = configuration.Sharing! with { Epsilon = epsilon } })).Field);
    }

    private static TenantConfiguration Configuration(bool take, ModelCard? a, ModelCard? b) => new()
    {
        Arms = [Log.Arm("a", 0.001) with { Card = a }, Log.Arm("b", 0.001) with { Card = b }, Log.Arm("c", 0.001)],
        Sharing = new SharingSettings { Take = take, Models = new Dictionary<string, string> { ["a"] = "up/a", ["b"] = "up/b", ["c"] = "up/c" } },
    };
}
