using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.Tests.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests.Management;

public sealed class ModelIdsTests
{
    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    [InlineData("a%2Fb")]
    public void An_id_that_no_url_can_name_is_refused_where_it_is_new(string id)
    {
        var refusal = Assert.Throws<ApiException>(() => ModelIds.RefuseUnnameable(Document("arms", "fine", id), Document("arms", "fine")));
        Assert.Equal("$.arms[1].id", refusal.Error.Param);
        Assert.Contains($"is '{id}'; it must have no '%'", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("$.embeddingModels[0].id", Assert.Throws<ApiException>(() => ModelIds.RefuseUnnameable(Document("embeddingModels", id), null)).Error.Param);
        ModelIds.RefuseUnnameable(Document("arms", id, "new"), Document("arms", id));
    }

    [Theory]
    [InlineData("openai/gpt-5.1")]
    [InlineData("a..b")]
    [InlineData("...")]
    [InlineData("a:high")]
    public void Every_other_id_may_be_new(string id) => ModelIds.RefuseUnnameable(Document("arms", id), null);

    [Theory]
    [InlineData("\"arms\":[{\"id\":\"..\",\"upstream\":\"up\",\"inputUsdPerMillion\":1}]", "MetaLlm.tenants[0].arms[0].id")]
    [InlineData("\"arms\":[{\"id\":\"a\",\"upstream\":\"up\",\"inputUsdPerMillion\":1}],\"embeddingModels\":[{\"id\":\"a%2Fb\",\"upstream\":\"up\",\"dimensions\":8,\"inputUsdPerMillion\":1}]", "MetaLlm.tenants[0].embeddingModels[0].id")]
    public void A_configuration_file_has_no_such_id_either(string models, string path)
    {
        var json = """{"MetaLlm":{"upstreams":{"up":{"kind":"vllm","baseUrl":"http://127.0.0.1:1/v1"}},"tenants":[{"id":"t","keyEnvironments":["T_KEY"],MODELS}]}}""".Replace("MODELS", models, StringComparison.Ordinal);
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        var error = Assert.Single(Assert.Throws<SettingsException>(() => SettingsReader.Read<HostSettings>(configuration, new SettingsContext { Variable = Mistakes.Variable })).Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains("it must have no '%'", error.Problem, StringComparison.Ordinal);
    }

    private static JsonObject Document(string list, params string[] ids) =>
        new() { [list] = new JsonArray([.. ids.Select(id => new JsonObject { ["id"] = id })]) };
}
