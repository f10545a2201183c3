using MetaLlm.Core.Sharing;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class ShareLearningSettingsTests
{
    [Fact]
    public void Nothing_is_shared_unless_the_tenant_says_so()
    {
        Assert.Null(Read("\"id\":\"a\"", ""));
        Assert.Null(Read("\"id\":\"a\"", "\"shareLearning\":{\"epsilon\":2},"));
        var sharing = Read("\"id\":\"a\"", "\"shareLearning\":{\"give\":true,\"epsilon\":0.5},")!;
        Assert.Equal((true, false, 0.5), (sharing.Give, sharing.Take, sharing.Epsilon));
    }

    [Theory]
    [InlineData("\"id\":\"a\"", "a=up/a")]
    [InlineData("\"id\":\"a\",\"model\":\"gpt-4.1\"", "a=up/gpt-4.1")]
    [InlineData("\"id\":\"a\",\"defaults\":{\"top_p\":\"0.5\"}", "")]
    [InlineData("\"id\":\"a\",\"variants\":[{\"id\":\"high\",\"effort\":\"high\",\"temperature\":0.2}]", "a=up/a a:high=up/a:reasoning_effort=high,temperature=0.2")]
    [InlineData("\"id\":\"a\",\"variants\":[{\"id\":\"own\",\"systemPrompt\":\"You work for acme.\"},{\"id\":\"p\",\"parameters\":{\"top_p\":\"0.5\"}}]", "a=up/a")]
    public void A_model_is_known_by_upstream_and_name_and_what_is_the_tenants_own_is_not_shared(string arm, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(arm, "\"shareLearning\":{\"take\":true},")!.Models.Select(model => $"{model.Key}={model.Value}")));

    [Fact]
    public void An_epsilon_out_of_range_is_named_with_its_range()
    {
        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read("\"id\":\"a\"", "\"shareLearning\":{\"give\":true,\"epsilon\":20},")).Errors);
        Assert.Equal(("MetaLlm.tenants[0].shareLearning.epsilon", "is '20'; it must be a number from 0.01 to 10."), (error.Path, error.Problem));
    }

    private static SharingSettings? Read(string arm, string tenant) => SettingsReaderTests.Read(
        Mistakes.Make("\"id\":\"a\"", arm).Replace("\"id\":\"t\"", $"{tenant}\"id\":\"t\"", StringComparison.Ordinal)).Tenants["t"].Configuration.Sharing;
}
