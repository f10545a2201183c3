using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class RolloutSettingsTests
{
    private const string Off = "\"arms\":[{\"id\":\"off\",\"upstream\":\"up\",\"enabled\":false,\"outputUsdPerMillion\":9},";

    [Fact]
    public void A_shadow_has_its_models_and_its_cap_and_nothing_else_of_the_tenants_budgets()
    {
        var tenant = Read("\"budget\":{\"hardCapUsd\":100,\"usdPerRequest\":1},\"seed\":9,\"shadow\":{\"models\":[\"off\"],\"usd\":5,\"windowHours\":2}");
        var shadow = tenant.ShadowConfiguration!;
        var arm = Assert.Single(shadow.Arms);
        Assert.Equal(("off", true, 9e-6), (arm.Id, arm.Enabled, Math.Round(arm.Prices.Output, 12)));
        Assert.Equal(("random", 5, TimeSpan.FromHours(2), 9UL), (shadow.Policy, shadow.HardCapUsd, shadow.HardCapWindow, shadow.Seed));
        Assert.Null(shadow.UsdPerRequest);
        Assert.Null(shadow.Conversations);
        Assert.False(tenant.Configuration.Arms[0].Enabled);
        Assert.Null(Read("\"seed\":9").ShadowConfiguration);
    }

    [Fact]
    public void A_canary_is_part_of_what_the_policy_is_told()
    {
        var canary = Read("\"canary\":{\"model\":\"a\",\"share\":0.2,\"falseStops\":0.01,\"tolerance\":0.03}").Configuration.Canary!;
        Assert.Equal(("a", 0.2, 0.01, 0.03), (canary.Arm, canary.Share, canary.FalseStops, canary.Tolerance));
        Assert.Null(Read("\"canary\":{\"share\":0.2}").Configuration.Canary);
    }

    [Fact]
    public void A_cascade_is_part_of_what_the_policy_is_told_and_nothing_unless_it_is_enabled()
    {
        Assert.Equal(["a"], Read("\"cascade\":{\"enabled\":true,\"models\":[\"a\"]}").Configuration.Cascade!.Models!);
        Assert.Null(Read("\"cascade\":{\"enabled\":true}").Configuration.Cascade!.Models);
        Assert.Null(Read("\"cascade\":{\"models\":[\"a\"],\"streamed\":\"wait\"}").Configuration.Cascade);
    }

    [Theory]
    [InlineData("\"canary\":{\"model\":\"b\"}", "canary.model", "is 'b', which is no arm")]
    [InlineData("\"canary\":{\"model\":\"a\",\"share\":0.6}", "canary.share", "a number from 0 to 0.5")]
    [InlineData("\"canary\":{\"model\":\"a\"},\"shards\":2,\"conversations\":{\"enabled\":false}", "canary", "tenant with shards")]
    [InlineData("\"shadow\":{\"models\":[\"b\",\"a\"],\"usd\":1}", "shadow.models", "has 'b', which is no model")]
    [InlineData("\"shadow\":{\"models\":[\"a\"]}", "shadow.usd", "needs a cap of its own")]
    [InlineData("\"shadow\":{\"models\":[\"a\"],\"usd\":1,\"policy\":\"luck\"}", "shadow.policy", "known policies are")]
    [InlineData("\"challenger\":{\"policy\":\"luck\"}", "challenger.policy", "known policies are")]
    [InlineData("\"challenger\":{\"policy\":\"linucb\",\"policyOptions\":{\"luck\":1}}", "challenger.policyOptions.luck", "is no option of policy 'linucb'")]
    [InlineData("\"challenger\":{\"policy\":\"linucb\",\"leastDecisions\":29}", "challenger.leastDecisions", "from 30 to 1000000000")]
    [InlineData("\"challenger\":{\"policy\":\"linucb\",\"falsePromotions\":0}", "challenger.falsePromotions", "above 0")]
    [InlineData("\"challenger\":{\"policy\":\"linucb\",\"since\":\"2027-02-31\"}", "challenger.since", "is '2027-02-31'")]
    [InlineData("\"challenger\":{\"policy\":\"linucb\"},\"shards\":2,\"conversations\":{\"enabled\":false}", "challenger.policy", "while shards is 2")]
    [InlineData("\"challenger\":{\"policy\":\"linucb\",\"promote\":\"automatic\"}", "challenger.promote", "'manual' is left")]
    [InlineData("\"replacedPolicy\":{\"policy\":\"luck\"}", "replacedPolicy.policy", "known policies are")]
    [InlineData("\"cascade\":{\"enabled\":true,\"models\":[\"b\"]}", "cascade.models[0]", "is 'b', which is no arm")]
    [InlineData("\"cascade\":{\"enabled\":true},\"canary\":{\"model\":\"a\"}", "cascade", "together with a canary")]
    [InlineData("\"cascade\":{\"enabled\":true},\"challenger\":{\"policy\":\"linucb\"}", "cascade", "together with a challenger")]
    [InlineData("\"cascade\":{\"enabled\":true},\"guarantee\":{\"reference\":\"a\",\"auditUsd\":1}", "cascade", "together with a guarantee")]
    [InlineData("\"cascade\":{\"selfReport\":\"sure\"}", "cascade.selfReport", "has no group")]
    [InlineData("\"cascade\":{\"selfReport\":\"(\"}", "cascade.selfReport", "no regular expression")]
    [InlineData("\"cascade\":{\"checkers\":[{}]}", "cascade.checkers[0].pattern", "is missing")]
    [InlineData("\"cascade\":{\"checkers\":[{\"kind\":\"exact\",\"schema\":\"{}\"}]}", "cascade.checkers[0].schema", "belongs to kind 'jsonSchema'")]
    [InlineData("\"cascade\":{\"streamed\":\"first\"}", "cascade.streamed", "wait")]
    public void A_mistake_is_named_with_its_place(string members, string place, string says)
    {
        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read(members)).Errors);
        Assert.Equal($"MetaLlm.tenants[0].{place}", error.Path);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_challenger_changes_nothing_of_what_the_policy_is_told()
    {
        var tenant = Read("\"challenger\":{\"policy\":\"linucb\",\"policyOptions\":{},\"margin\":0.01,\"since\":\"2027-01-31\"}");
        Assert.Equal(("linucb", 0.01, ChallengerPromotion.Manual), (tenant.Challenger.Policy, tenant.Challenger.Margin, tenant.Challenger.Promote));
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero), tenant.Challenger.SinceTime);
        Assert.True(tenant.AsksTheSameAs(Read("\"seed\":1")));
    }

    [Theory]
    [InlineData("acme", "acme~shadow")]
    [InlineData("acme~shadow", "acme~shadow~shadow")]
    public void The_name_of_a_shadow_says_whose_it_is(string tenant, string name)
    {
        Assert.Equal(name, ShadowTenant.NameOf(tenant));
        Assert.Equal(tenant, SideTenant.Principal(name));
        Assert.Equal("acme", SideTenant.Principal("acme"));
        Assert.Equal("acme", SideTenant.Principal(JudgeTenant.NameOf("acme")));
    }

    private static TenantSettings Read(string members) => SettingsReaderTests.Read(
        Mistakes.Make("\"id\":\"t\"", $"\"id\":\"t\",{members}").Replace("\"arms\":[", Off, StringComparison.Ordinal)).Tenants["t"];
}
