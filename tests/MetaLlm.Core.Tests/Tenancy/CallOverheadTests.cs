using MetaLlm.Core.Arms;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class CallOverheadTests
{
    private static readonly Arm Plain = new() { Id = "plain", Prices = TokenPrices.PerMillion(1, 2), MaxOutputTokens = 100 };
    private static readonly Arm More = Plain with { Id = "more", Overhead = new CallOverhead { InputTokens = 200, MostInputTokens = 1000, Usd = 0.003 } };

    [Fact]
    public void Caps_set_aside_for_what_an_arm_may_add()
    {
        var decision = new Log(new TenantConfiguration { Arms = [Plain, More] }).Decide(Log.Query(1));
        Assert.Equal((50 * 1.25e-6) + (100 * 2e-6), Bound("plain"), 12);
        Assert.Equal((1050 * 1.25e-6) + (100 * 2e-6) + 0.003, Bound("more"), 12);

        double Bound(string arm) => decision.Arms.First(a => a.ArmId == arm).BoundUsd;
    }

    [Fact]
    public void What_an_arm_adds_must_fit_into_its_context()
    {
        var decision = new Log(new TenantConfiguration { Arms = [Plain with { ContextTokens = 100 }, More with { ContextTokens = 100 }] }).Decide(Log.Query(1));
        Assert.Equal([null, ArmExclusions.ContextTooLong], decision.Arms.Select(a => a.Exclusion));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, 7L)]
    [InlineData(true, 7L)]
    public void A_snapshot_holds_it(bool conversations, long? version)
    {
        var log = new Log(new TenantConfiguration { Arms = [Plain, More], Conversations = conversations ? new ConversationSettings() : null, Version = version });
        log.Settle(log.Decide(Log.Query(1)), 0.01);
        var loaded = log.Reload();
        Assert.Equal(More.Overhead, loaded.Configuration!.Arms[1].Overhead);
        Assert.Equal(version, loaded.Configuration.Version);
        Assert.Equal(log.Save(), Log.Save(loaded));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        var request = new DecisionRequest { Features = Log.Query(2) };
        Assert.Equal(log.State.Decide(request, log.Clock).Arms, loaded.Decide(request, log.Clock).Arms);
    }

    [Theory]
    [InlineData(-1, 0, 0, "InputTokens")]
    [InlineData(10, 9, 0, "MostInputTokens")]
    [InlineData(0, 2e7, 0, "MostInputTokens")]
    [InlineData(0, 0, double.NaN, "Usd")]
    public void A_number_out_of_range_is_named(double tokens, double most, double usd, string field)
    {
        var arm = Plain with { Overhead = new CallOverhead { InputTokens = tokens, MostInputTokens = most, Usd = usd } };
        Assert.Equal($"Arms[0].Overhead.{field}", Assert.Single(TenantConfigurationValidator.Validate(new TenantConfiguration { Arms = [arm] })).Field);
    }
}
