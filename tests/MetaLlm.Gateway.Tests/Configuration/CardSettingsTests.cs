using MetaLlm.Core.Arms;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class CardSettingsTests
{
    [Fact]
    public void A_card_is_read_and_variants_have_that_of_the_model_unless_they_have_their_own()
    {
        var arms = Read("""
            "card":{"quality":0.8,"byTask":{"code":0.7}},"variants":[{"id":"high","effort":"high","card":{"quality":0.9,"weight":50}},{"id":"low","effort":"low"}]
            """);
        var card = new ModelCard { Quality = 0.8, ByTask = new Dictionary<string, double> { ["code"] = 0.7 } };
        Assert.Equal([card, new ModelCard { Quality = 0.9, Weight = 50 }, card], arms.Select(arm => arm.Card));
    }

    [Fact]
    public void A_model_without_a_card_and_one_with_an_empty_card_have_none()
    {
        Assert.Null(Read("\"enabled\":true")[0].Card);
        Assert.Null(Read("\"card\":{\"weight\":50}")[0].Card);
    }

    [Theory]
    [InlineData("\"quality\":1.5", "card.quality", "is '1.5'; it must be a number from 0 to 1.")]
    [InlineData("\"quality\":0.5,\"weight\":0", "card.weight", "is '0'; it must be a number from 1 to 200.")]
    [InlineData("\"byTask\":{\"code\":-1}", "card.byTask.code", "is '-1'; it must be a number from 0 to 1.")]
    public void A_number_out_of_range_is_named_with_its_range(string members, string place, string says)
    {
        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read($"\"card\":{{{members}}}")).Errors);
        Assert.Equal($"MetaLlm.tenants[0].arms[0].{place}", error.Path);
        Assert.Equal(says, error.Problem);
    }

    private static IReadOnlyList<Arm> Read(string members) =>
        SettingsReaderTests.Read(Mistakes.Make("\"id\":\"a\"", $"\"id\":\"a\",{members}")).Tenants["t"].Configuration.Arms;
}
