using System.Text.Json.Nodes;
using MetaLlm.Gateway.Management;

namespace MetaLlm.Gateway.Tests.Management;

public sealed class DocumentNamesTests
{
    [Theory]
    [InlineData("""{"ID":"t","Budget":{"UsdPerDay":5},"Arms":[{"Id":"a","Headers":{"X-Team":"red"},"VARIANTS":[{"Id":"b"}]}]}""", """{"id":"t","budget":{"usdPerDay":5},"arms":[{"id":"a","headers":{"X-Team":"red"},"variants":[{"id":"b"}]}]}""")]
    [InlineData("""{"budget":{"hardCapUsd":1},"Budget":{"usdPerDay":5}}""", """{"budget":{"hardCapUsd":1,"usdPerDay":5}}""")]
    [InlineData("""{"canary":{"share":0.2,"model":"a","Share":0.1}}""", """{"canary":{"share":0.1,"model":"a"}}""")]
    [InlineData("""{"guardrails":{"answer":["a","b"],"Answer":["c"]}}""", """{"guardrails":{"answer":["c","b"]}}""")]
    [InlineData("""{"aliases":{"Fast":"a","fast":"b"},"Nonsense":{"A":null,"a":1}}""", """{"aliases":{"Fast":"b"},"Nonsense":{"A":null,"a":1}}""")]
    [InlineData("""{"budget":{"hardCapUsd":1},"Budget":null,"arms":7}""", """{"budget":{"hardCapUsd":1},"arms":7}""")]
    public void A_document_gets_the_names_of_the_configuration_and_each_once_as_it_is_read(string document, string expected) =>
        Assert.Equal(expected, DocumentNames.Settled((JsonObject)JsonNode.Parse(document)!).ToJsonString());
}
