using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.WebConsole.Pages.Manage;

namespace MetaLlm.WebConsole.Tests.Manage;

public sealed class DocumentTests
{
    [Theory]
    [InlineData("budget.usdPerDay", nameof(FieldKind.Number), "2.5", """{"Budget":{"USDPerDay":2.5}}""")]
    [InlineData("budget.usdPerDay", nameof(FieldKind.Number), "", "{}")]
    [InlineData("budget.usdPerDay", nameof(FieldKind.Number), "lots", """{"Budget":{"USDPerDay":"lots"}}""")]
    [InlineData("shadow.models", nameof(FieldKind.List), " a, b ,", """{"Budget":{"USDPerDay":1},"shadow":{"models":["a","b"]}}""")]
    [InlineData("policyOptions", nameof(FieldKind.Numbers), "alpha = 0.5\nbeta=2", """{"Budget":{"USDPerDay":1},"policyOptions":{"alpha":0.5,"beta":2}}""")]
    public void A_field_goes_into_the_document_under_the_name_that_is_there(string path, string kind, string text, string written)
    {
        var document = (JsonObject)JsonNode.Parse("""{"Budget":{"USDPerDay":1}}""")!;
        var field = new FieldSpec(path, "", Enum.Parse<FieldKind>(kind));
        DocumentFields.Write(document, field, text);
        Assert.Equal(written, document.ToJsonString());
        DocumentFields.Write(document, field, DocumentFields.Read(document, field));
        Assert.Equal(written, document.ToJsonString());
    }

    [Fact]
    public void Errors_find_their_field_by_path_and_the_others_are_told_above()
    {
        var error = new ApiError(MetaLlm.Gateway.Http.ErrorCode.InvalidValue, "All of it.") { Errors = [new SettingsError("$.budget.usdPerDay", "is -1."), new SettingsError("$.arms[0].id", "is missing."), new SettingsError("$.budget.usdPerDayAfter", "is odd.")] };
        var state = new FormState("budget", new Dictionary<string, string>(), error);
        Assert.Equal(["is -1."], state.Of("budget.usdPerDay"));
        Assert.Equal(["$.arms[0].id is missing.", "$.budget.usdPerDayAfter is odd."], state.Elsewhere(["budget.usdPerDay"]));
    }

    [Fact]
    public void A_difference_is_told_place_by_place_and_entries_are_known_by_their_ids()
    {
        var changes = JsonChanges.Of("""{"arms":[{"id":"a","p":1},{"id":"b","p":2}],"x":1}""", """{"arms":[{"id":"b","p":3},{"id":"a","p":1}],"y":"z"}""");
        Assert.Equal([("arms[b].p", "2", "3"), ("x", "1", null), ("y", null, "\"z\"")], changes);
        Assert.Empty(JsonChanges.Of(null, null));
    }
}
