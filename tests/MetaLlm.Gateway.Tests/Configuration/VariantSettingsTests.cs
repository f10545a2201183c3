using System.Text;
using System.Text.Json;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class VariantSettingsTests
{
    private const string Three = """
        "defaults":{"seed":7,"top_p":0.5},"renameParameters":{"reasoning_effort":"effort_level"},
        "variants":[
          {"id":"high","effort":"high","priorOutputTokens":900},
          {"id":"cool","temperature":0.2,"parameters":{"top_p":0.9}},
          {"id":"kb","systemPrompt":"Answer from the notes.","retriever":"notes"}]
        """;

    private static readonly TenantSettings Tenant = Read(Three);

    [Fact]
    public void A_variant_is_an_arm_with_the_models_upstream_and_prices()
    {
        Assert.Equal(["a", "a:high", "a:cool", "a:kb"], Tenant.Configuration.Arms.Select(arm => arm.Id));
        Assert.All(Tenant.Configuration.Arms, arm => Assert.Equal(Tenant.Configuration.Arms[0].Prices, arm.Prices));
        Assert.Equal([256, 900, 256, 256], Tenant.Configuration.Arms.Select(arm => arm.PriorOutputTokens));
        Assert.All(Tenant.Targets.Values, target => Assert.Equal(("up", "a"), (target.Endpoint.Name, target.Model)));
        Assert.Equal([new("effort_level", "\"high\""), new("seed", "7"), new("top_p", "0.5")], Defaults("a:high"));
        Assert.Equal([new("temperature", "0.2"), new("top_p", "0.9"), new("seed", "7")], Defaults("a:cool"));
    }

    [Fact]
    public void What_it_adds_to_prompts_is_part_of_what_it_is_expected_to_cost()
    {
        Assert.All(Tenant.Configuration.Arms.Take(3), arm => Assert.Null(arm.Overhead));
        var overhead = Tenant.Configuration.Arms[3].Overhead!;
        Assert.Equal((0.003, 22 + 64 + 4000), (overhead.Usd, overhead.MostInputTokens));
        Assert.InRange(overhead.InputTokens, 305, 315);
        var target = Tenant.Targets["a:kb"];
        Assert.Equal(overhead, target.Overhead);
        Assert.Equal("Answer from the notes.", Encoding.UTF8.GetString(target.Options.SystemPrompt.Span));
        Assert.Equal(("notes", 1.5, false, 0.003, 4000), (target.Retrieval!.Name, target.Retrieval.Timeout.TotalSeconds, target.Retrieval.FailsOpen, target.Retrieval.Usd, target.Retrieval.MostBytes));
        Assert.DoesNotContain("notes.", target.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_variants_is_what_it_was()
    {
        Assert.Equal(Read("\"variants\":[]").Configuration.Arms[0], Read("\"enabled\":true").Configuration.Arms[0]);
        Assert.Equal(Read("\"enabled\":true").Configuration.Arms[0], Read("""
            "variants":[{"id":"high","effort":"high"}]
            """).Configuration.Arms[0]);
    }

    [Fact]
    public void Deployments_and_dated_prices_are_the_variants_too()
    {
        var tenant = Read("""
            "prices":[{"from":"2027-01-01","inputUsdPerMillion":3,"outputUsdPerMillion":12}],"deployments":[{"name":"east"},{"name":"west"}],"variants":[{"id":"high","effort":"high"}]
            """).At(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.All(tenant.Configuration.Arms, arm => Assert.Equal(TokenPrices.PerMillion(3, 12), arm.Prices));
        var variant = tenant.Targets["a:high"];
        Assert.Equal(["east", "west"], variant.Deployments.Select(deployment => deployment.Name));
        Assert.All(variant.Deployments, deployment => Assert.Equal(("reasoning_effort", 12e-6), (deployment.Target.Options.Defaults.Single().Key, Math.Round(deployment.Target.Prices.Output, 12))));
    }

    [Theory]
    [InlineData("\"renamedFrom\":\"z\",\"variants\":[{\"id\":\"high\",\"effort\":\"high\"}]", "z:high")]
    [InlineData("\"variants\":[{\"id\":\"high\",\"renamedFrom\":\"hi\",\"effort\":\"high\"}]", "a:hi")]
    [InlineData("\"renamedFrom\":\"z\",\"variants\":[{\"id\":\"high\",\"renamedFrom\":\"hi\",\"effort\":\"high\"}]", "z:hi")]
    public void A_name_that_changes_takes_along_what_was_learned(string members, string before) =>
        Assert.Equal(before, Read(members).Configuration.Arms[1].RenamedFrom);

    [Theory]
    [InlineData("{\"id\":\"x\"}", "variants[0]", "sets nothing")]
    [InlineData("{\"id\":\"x\",\"retriever\":\"web\"}", "variants[0].retriever", "is 'web'; retrievers are notes")]
    [InlineData("{\"id\":\"x\",\"parameters\":{\"max_tokens\":5}}", "variants[0].parameters.max_tokens", "may not be set")]
    [InlineData("{\"id\":\"x\",\"parameters\":{\"temperature\":1}}", "variants[0].parameters.temperature", "may not be set")]
    [InlineData("{\"id\":\"x\",\"effort\":\"low\",\"temperature\":3}", "variants[0].temperature", "a number from 0 to 2")]
    [InlineData("{\"id\":\"x\",\"effort\":\"low\"},{\"id\":\"x\",\"effort\":\"high\"}", "variants[1].id", "which another arm has already")]
    public void A_mistake_is_named_with_its_place(string variants, string place, string says)
    {
        var error = Assert.Single(Assert.Throws<SettingsException>(() => Read($"\"variants\":[{variants}]")).Errors);
        Assert.Equal($"MetaLlm.tenants[0].arms[0].{place}", error.Path);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"url\":\"ftp://x/\"", "url", "http or https")]
    [InlineData("\"apiKeyEnvironment\":\"KB\"", "apiKeyEnvironment", "needs url")]
    [InlineData("\"tokens\":9000", "tokens", "at most maxBytes, 8192")]
    public void A_mistake_of_a_retriever_is_named_with_its_place(string members, string place, string says)
    {
        var text = Mistakes.Make("\"upstreams\":{", $"\"retrievers\":{{\"kb\":{{{members}}}}},\"upstreams\":{{");
        var error = Assert.Single(Assert.Throws<SettingsException>(() => SettingsReaderTests.Read(text)).Errors);
        Assert.Equal($"MetaLlm.retrievers.kb.{place}", error.Path);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"temperature\":null", null)]
    [InlineData(",\"temperature\":0.20", null)]
    [InlineData(",\"temperature\":1", "a,a:high,a:kb")]
    [InlineData(",\"reasoning_effort\":\"low\"", "a,a:cool,a:kb")]
    [InlineData(",\"reasoning_effort\":\"low\",\"top_p\":1", "a,a:kb")]
    [InlineData(",\"reasoning_effort\":\"low\",\"metallm\":{\"allow\":[\"a:high\",\"a:kb\"]}", "a:kb")]
    public void A_request_goes_to_no_variant_that_would_change_what_it_says(string members, string? allowed)
    {
        var left = Route("auto", members).AllowedArms;
        Assert.Equal(allowed?.Split(',').Order(StringComparer.Ordinal), left?.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a:high", ",\"reasoning_effort\":\"low\"")]
    [InlineData("auto", ",\"reasoning_effort\":\"low\",\"metallm\":{\"allow\":[\"a:high\"]}")]
    public void Where_none_is_left_the_member_is_named(string model, string members)
    {
        var error = Assert.Throws<ApiException>(() => Route(model, members)).Error;
        Assert.Equal("reasoning_effort", error.Param);
    }

    [Fact]
    public void A_variant_is_asked_for_by_its_name() => Assert.Equal("a:high", Route("a:high", ",\"reasoning_effort\":\"high\"").PinnedArm);

    private static IEnumerable<KeyValuePair<string, string>> Defaults(string arm) => Tenant.Targets[arm].Options.Defaults;

    private static DecisionRequest Route(string model, string members)
    {
        using var document = JsonDocument.Parse($"{{\"model\":\"{model}\",\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}}]{members}}}");
        return ChatRequestReader.Read(document.RootElement, new HeaderDictionary(), Tenant).Route;
    }

    private static TenantSettings Read(string members) => SettingsReaderTests.Read(Mistakes.Make("\"id\":\"a\"", $"\"id\":\"a\",{members}").Replace(
        "\"upstreams\":{",
        "\"retrievers\":{\"notes\":{\"usdPerCall\":0.003,\"timeoutSeconds\":1.5,\"failOpen\":false,\"tokens\":300,\"maxBytes\":4000}},\"upstreams\":{",
        StringComparison.Ordinal)).Tenants["t"];
}
