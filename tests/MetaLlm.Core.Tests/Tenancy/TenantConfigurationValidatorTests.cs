using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class TenantConfigurationValidatorTests
{
    private static readonly TenantConfiguration Valid = TenantStateTests.Configuration("metallm");

    [Fact]
    public void A_sound_configuration_has_no_errors() => Assert.Empty(TenantConfigurationValidator.Validate(Valid));

    [Fact]
    public void Every_error_is_reported_at_once()
    {
        var errors = TenantConfigurationValidator.Validate(Valid with
        {
            Arms =
            [
                Log.Arm("a", 1) with { Prices = new TokenPrices(-1, double.NaN, double.PositiveInfinity), PriorOutputTokens = 0, PriorLatencySeconds = -1, ContextTokens = -5 },
                Log.Arm("a", 1) with { Capabilities = ["tools", " "] },
                Log.Arm("", 1),
            ],
            Policy = "metallm",
            PolicyOptions = new Dictionary<string, double> { ["epsilon"] = 2, ["colour"] = 1 },
            PriceWeight = -1,
            LatencyWeight = double.NaN,
            UsdPerRequest = 0,
            HardCapUsd = -3,
            HardCapWindow = TimeSpan.Zero,
            Parts = (ContextParts)64,
        });
        Assert.Equal(
            [
                "Arms[0].Prices.Input", "Arms[0].Prices.CachedInput", "Arms[0].Prices.Output", "Arms[0].ContextTokens", "Arms[0].PriorLatencySeconds",
                "Arms[0].PriorOutputTokens", "Arms[1].Capabilities[1]", "Arms[1].Id", "Arms[2].Id", "PolicyOptions.colour", "PolicyOptions.epsilon",
                "PriceWeight", "LatencyWeight", "UsdPerRequest", "HardCapUsd", "HardCapWindow", "Parts",
            ],
            errors.Select(e => e.Field));
        Assert.Contains(errors, e => e.Field == "PolicyOptions.epsilon" && e.Message == "is 2; it must be 0 to 0.5.");
    }

    [Fact]
    public void Without_arms_or_with_an_unknown_policy_the_message_says_what_is_legal()
    {
        var errors = TenantConfigurationValidator.Validate(Valid with { Arms = [], Policy = "best" });
        Assert.Equal(["Arms", "Policy"], errors.Select(e => e.Field));
        Assert.Contains("1 to 64", errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("metallm, metallm-cold, linucb", errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_five_arms_are_one_too_many() =>
        Assert.Single(TenantConfigurationValidator.Validate(Valid with { Arms = [.. Enumerable.Range(0, 65).Select(i => Log.Arm($"a{i}", 1))] }));

    [Fact]
    public void Several_owners_follow_no_conversations_and_rename_no_arms()
    {
        var arm = Log.Arm("b", 1) with { RenamedFrom = "a" };
        Assert.Empty(TenantConfigurationValidator.Validate(Valid with { Shards = 2 }));
        Assert.Equal(
            ["Shards", "Conversations", "Arms[0].RenamedFrom"],
            TenantConfigurationValidator.Validate(Valid with { Shards = 17, Arms = [arm], Conversations = new() }).Select(e => e.Field));
    }
}
