using System.Text.Json.Nodes;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;

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

    private static JsonObject Document(string list, params string[] ids) =>
        new() { [list] = new JsonArray([.. ids.Select(id => new JsonObject { ["id"] = id })]) };
}
