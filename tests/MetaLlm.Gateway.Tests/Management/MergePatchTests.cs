using System.Text.Json.Nodes;
using MetaLlm.Gateway.Management;

namespace MetaLlm.Gateway.Tests.Management;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"budget":{"hardCapUsd":1}}""", """{"budget":{"usdPerDay":5}}""", """{"budget":{"hardCapUsd":1,"usdPerDay":5}}""")]
    [InlineData("""{"seed":1,"budget":{"hardCapUsd":1}}""", """{"Seed":2}""", """{"Seed":2,"budget":{"hardCapUsd":1}}""")]
    [InlineData("""{"budget":{"hardCapUsd":0.01},"seed":1}""", """{"Budget":{"usdPerDay":100}}""", """{"budget":{"hardCapUsd":0.01,"usdPerDay":100},"seed":1}""")]
    [InlineData("""{"guardrails":{"request":["word1"]}}""", """{"Guardrails":{"answer":["word2"]}}""", """{"guardrails":{"request":["word1"],"answer":["word2"]}}""")]
    [InlineData("""{"guardrails":{"request":["word1"]},"seed":1}""", """{"Guardrails":null}""", """{"seed":1}""")]
    [InlineData("""{"canary":{"model":"a","share":0.2}}""", """{"canary":{"Share":0.1}}""", """{"canary":{"model":"a","Share":0.1}}""")]
    [InlineData("""{"canary":{"model":"a","share":0.2}}""", """{"canary":{"SHARE":null}}""", """{"canary":{"model":"a"}}""")]
    [InlineData("""{"canary":{"model":"a","share":0.2}}""", """{"canary":{"Share":0.1,"shARE":0.3}}""", """{"canary":{"model":"a","shARE":0.3}}""")]
    [InlineData("""{"aliases":{"fast":"a"}}""", """{"aliases":{"Fast":"b"}}""", """{"aliases":{"Fast":"b"}}""")]
    [InlineData("""{"seed":1}""", """{"canary":{"model":"a","share":null}}""", """{"seed":1,"canary":{"model":"a"}}""")]
    public void Names_are_compared_without_regard_to_case_as_settings_are_read(string document, string patch, string expected)
    {
        var changed = Parse(document);
        MergePatch.Apply(changed, Parse(patch));
        Assert.Equal(expected, changed.ToJsonString());
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
