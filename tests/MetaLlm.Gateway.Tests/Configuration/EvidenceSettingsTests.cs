using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class EvidenceSettingsTests
{
    private const string Judges = "\"judges\":{\"list\":[{\"id\":\"q\",\"kind\":\"exact\"},{\"id\":\"r\",\"kind\":\"exact\"}]}";

    [Fact]
    public void Answers_are_bought_by_a_tenant_whose_cap_is_the_purse()
    {
        var tenant = Read($"{Judges},\"evidence\":{{\"usd\":3,\"windowHours\":48,\"judges\":[\"r\"]}}");
        var side = tenant.Evidence.ToConfiguration(tenant.Configuration);
        Assert.Equal((3, TimeSpan.FromHours(48)), (side.HardCapUsd, side.HardCapWindow));
        Assert.Equal(tenant.Configuration.Arms.Select(arm => arm.Id), side.Arms.Select(arm => arm.Id));
        Assert.Equal("r", Assert.Single(tenant.Evidence.JudgesOf(tenant.Judges)).Id);
        Assert.False(Read(Judges).Evidence.IsOn);
    }

    [Theory]
    [InlineData("\"evidence\":{\"usd\":1}", "evidence.usd", "has no judges")]
    [InlineData(Judges + ",\"evidence\":{\"usd\":1,\"models\":[\"b\"]}", "evidence.models", "has 'b', which is no enabled model")]
    [InlineData(Judges + ",\"evidence\":{\"usd\":1,\"judges\":[\"z\"]}", "evidence.judges", "has 'z', which is no judge of the tenant; they are q, r")]
    [InlineData(Judges + ",\"evidence\":{\"usd\":0}", "evidence.usd", "above 0")]
    [InlineData(Judges + ",\"evidence\":{\"usd\":1,\"autoQuiz\":501}", "evidence.autoQuiz", "0 to 500")]
    public void What_does_not_fit_the_tenant_is_refused_with_its_place(string members, string place, string says)
    {
        var error = Assert.Throws<SettingsException>(() => Read(members));
        Assert.Contains(error.Errors, one => one.Path.EndsWith(place, StringComparison.Ordinal) && one.Problem.Contains(says, StringComparison.Ordinal));
    }

    private static TenantSettings Read(string members) => SettingsReaderTests.Read(Mistakes.Make("\"id\":\"t\"", $"\"id\":\"t\",{members}")).Tenants["t"];
}
