using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class SettingsWriterTests
{
    private const string Model = """
        "id":"a","headers":{"X-Team":"red"},"headerEnvironments":{"X-Key":"SECRET_KEY"},"query":{"api-version":"1"},"renameParameters":{"max_tokens":"limit"},
        "defaults":{"seed":7,"user":"plain","stop":"[\"x\"]","metadata":"{\"of\":\"5\"}","top_p":"0.5","suffix":"\"5\"","logprobs":true},
        "variants":[{"id":"cool","parameters":{"top_p":0.9}}]
        """;

    private static readonly MetaLlmSettings Settings = SettingsReaderTests.Read(
        Mistakes.Make("\"id\":\"a\"", Model).Replace("\"id\":\"t\"", "\"id\":\"t\",\"aliases\":{\"fast\":\"a\",\"slow\":\"a\"},\"policyOptions\":{\"spreadShare\":0.25}", StringComparison.Ordinal));

    [Fact]
    public void Maps_are_written_as_the_file_has_them_and_secrets_are_left_out()
    {
        var document = SettingsWriter.Write(Settings.Tenants["t"]);

        Assert.Equal("""{"fast":"a","slow":"a"}""", document["aliases"]!.ToJsonString());
        Assert.Equal("""{"spreadShare":0.25}""", document["policyOptions"]!.ToJsonString());
        var arm = document["arms"]![0]!;
        Assert.Equal("""{"X-Team":"red"}""", arm["headers"]!.ToJsonString());
        Assert.Equal("""{"api-version":"1"}""", arm["query"]!.ToJsonString());
        Assert.Equal("""{"max_tokens":"limit"}""", arm["renameParameters"]!.ToJsonString());
        Assert.Equal("""{"top_p":0.9}""", arm["variants"]![0]!["parameters"]!.ToJsonString());
        Assert.DoesNotContain("SECRET_KEY", document.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_reads_back_as_it_was()
    {
        var written = SettingsWriter.Write(Settings.Tenants["t"]);
        using var document = JsonDocument.Parse(written.ToJsonString());
        var read = TenantDocument.Read("t", document.RootElement, 0, Settings);

        Assert.Equal(
            Settings.Tenants["t"].Arms[0].Request.Defaults.OrderBy(entry => entry.Key, StringComparer.Ordinal),
            read.Arms[0].Request.Defaults.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        Assert.True(JsonNode.DeepEquals(written, SettingsWriter.Write(read)));
    }
}
