using System.Text;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Journal;

public sealed class TenantConfigurationJsonTests
{
    [Fact]
    public void Options_in_another_order_say_the_same()
    {
        var one = TestTenants.Configuration() with { PolicyOptions = new Dictionary<string, double> { ["a"] = 1, ["b"] = 2 } };
        var other = TestTenants.Configuration() with { PolicyOptions = new Dictionary<string, double> { ["b"] = 2, ["a"] = 1 } };

        Assert.True(TenantConfigurationJson.Same(one, other));
    }

    [Fact]
    public void Any_difference_is_seen()
    {
        var one = TestTenants.Configuration();

        Assert.False(TenantConfigurationJson.Same(one, one with { Seed = 2 }));
        Assert.False(TenantConfigurationJson.Same(one, one with { PriceWeight = Math.BitIncrement(one.PriceWeight) }));
        Assert.False(TenantConfigurationJson.Same(one, one with { Arms = [.. one.Arms.Reverse()] }));
        Assert.False(TenantConfigurationJson.Same(one, one with { Arms = [one.Arms[0] with { Enabled = false }, .. one.Arms.Skip(1)] }));
    }

    [Fact]
    public void Every_member_survives_a_round_trip()
    {
        var configuration = TestTenants.Configuration(ulong.MaxValue) with
        {
            Arms = [new Arm
            {
                Id = "ä/b", Prices = new TokenPrices(1.0 / 3, 0, double.Epsilon), Enabled = false, ContextTokens = 7,
                Capabilities = ["tools", "json"], PriorOutputTokens = 1.5, PriorLatencySeconds = 0,
            }],
            LatencyWeight = 0.1,
            UsdPerRequest = 1e-6,
            HardCapUsd = 3,
            HardCapWindow = TimeSpan.FromTicks(123_456_789_012),
        };

        Assert.Equivalent(configuration, TenantConfigurationJson.Decode(TenantConfigurationJson.Encode(configuration)), strict: true);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"seed\":1}")]
    public void Damage_is_reported_as_such(string json) =>
        Assert.Throws<InvalidDataException>(() => TenantConfigurationJson.Decode(Encoding.UTF8.GetBytes(json)));
}
