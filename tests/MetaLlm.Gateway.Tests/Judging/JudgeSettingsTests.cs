using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Tests.Configuration;

namespace MetaLlm.Gateway.Tests.Judging;

public sealed class JudgeSettingsTests
{
    [Fact]
    public void Judges_that_are_models_are_called_for_a_tenant_whose_cap_is_the_purse()
    {
        var tenant = Read("\"judges\":{\"share\":0.2,\"usdPerDay\":3,\"list\":[{\"id\":\"q\",\"model\":\"a\"}]}");
        var side = tenant.Judges.ToConfiguration(tenant.Configuration);
        Assert.Equal(("random", 3, TimeSpan.FromHours(24), "a"), (side.Policy, side.HardCapUsd, side.HardCapWindow, Assert.Single(side.Arms).Id));
        Assert.Equal(["a"], tenant.Judges.List[0].OwnFamily);
        Assert.True(Read("\"judges\":{\"list\":[{\"id\":\"q\",\"kind\":\"exact\"}]}").Judges.IsOn);
        Assert.False(Read("\"seed\":9").Judges.IsOn);
    }

    [Theory]
    [InlineData("{\"id\":\"q\"}", "judges.list[0].model", "is missing")]
    [InlineData("{\"id\":\"q\",\"model\":\"b\"}", "judges.list[0].model", "no model of the tenant")]
    [InlineData("{\"id\":\"q\",\"model\":\"a\",\"against\":\"b\"}", "judges.list[0].against", "no model of the tenant")]
    [InlineData("{\"id\":\"q\",\"kind\":\"exact\",\"rubric\":\"x\"}", "judges.list[0].rubric", "belongs to kind 'model'")]
    [InlineData("{\"id\":\"q\",\"kind\":\"exact\",\"maxOutputTokens\":99}", "judges.list[0].maxOutputTokens", "belongs to kind 'model'")]
    [InlineData("{\"id\":\"q\",\"kind\":\"exact\",\"pattern\":\"x\"}", "judges.list[0].pattern", "has no group")]
    [InlineData("{\"id\":\"q\",\"kind\":\"regex\",\"pattern\":\"(\"}", "judges.list[0].pattern", "no regular expression")]
    [InlineData("{\"id\":\"q\",\"kind\":\"regex\"}", "judges.list[0].pattern", "is missing")]
    [InlineData("{\"id\":\"q\",\"kind\":\"jsonSchema\",\"schema\":\"{\"}", "judges.list[0].schema", "cannot be used")]
    [InlineData("{\"id\":\"q\",\"kind\":\"webhook\",\"webhook\":\"none\"}", "judges.list[0].webhook", "one of the guardrails")]
    [InlineData("{\"id\":\"q/x\",\"kind\":\"exact\"}", "judges.list[0].id", "letters, digits")]
    [InlineData("{\"id\":\"q\",\"kind\":\"exact\"},{\"id\":\"q\",\"kind\":\"exact\"}", "judges.list[1].id", "must be unique")]
    [InlineData("{\"id\":\"q\",\"kind\":\"exact\",\"trust\":1.5}", "judges.list[0].trust", "from 0 to 1")]
    [InlineData("{\"id\":\"q\",\"kind\":\"exact\",\"family\":[\"z\"]}", "judges.list[0].family[0]", "no model of the tenant")]
    public void A_mistake_is_named_with_its_place(string judges, string place, string says)
    {
        var error = Assert.Throws<SettingsException>(() => Read($"\"judges\":{{\"usdPerDay\":1,\"list\":[{judges}]}}"));
        Assert.Contains(error.Errors, one => one.Path.EndsWith(place, StringComparison.Ordinal) && one.Problem.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"judges\":{\"list\":[{\"id\":\"q\",\"model\":\"a\"}]}", "judges.usdPerDay", "purse of their own")]
    [InlineData("\"judges\":{\"list\":[{\"id\":\"q\",\"kind\":\"exact\"}]},\"shards\":2,\"conversations\":{\"enabled\":false}", "judges.list", "while shards is 2")]
    public void What_does_not_fit_the_tenant_is_refused(string members, string place, string says)
    {
        var error = Assert.Throws<SettingsException>(() => Read(members));
        Assert.Contains(error.Errors, one => one.Path.EndsWith(place, StringComparison.Ordinal) && one.Problem.Contains(says, StringComparison.Ordinal));
    }

    private static TenantSettings Read(string members) => SettingsReaderTests.Read(Mistakes.Make("\"id\":\"t\"", $"\"id\":\"t\",{members}")).Tenants["t"];
}
