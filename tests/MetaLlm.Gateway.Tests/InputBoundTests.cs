using System.Text;
using System.Text.Json;
using MetaLlm.Gateway.Chat;

namespace MetaLlm.Gateway.Tests;

public sealed class InputBoundTests
{
    [Theory]
    [InlineData("""{"model":"auto","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"漢字 и кириллица"}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]}],"response_format":{"type":"json_schema"}}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a long text"},{"type":"refusal","refusal":"no"}]}]}""")]
    public void Text_is_a_token_a_byte_wherever_it_stands(string body) => Assert.Equal(Encoding.UTF8.GetByteCount(body), Of(body));

    [Fact]
    public void Tools_bring_instructions_of_their_own()
    {
        const string Tools = """{"messages":[],"tools":[{"type":"function","function":{"name":"f"}}]}""";
        Assert.Equal(Tools.Length + 512, Of(Tools));
    }

    [Fact]
    public void What_is_no_text_has_an_allowance_instead_of_its_bytes()
    {
        var data = new string('A', 100_000);
        Assert.InRange(Of(Part($$$"""{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{data}}}"}}""")), 50_000, 50_100);
        Assert.InRange(Of(Part("""{"type":"image_url","image_url":{"url":"https://host/cat.png"}}""")), 50_000, 50_100);
        Assert.InRange(Of(Part($$$"""{"type":"input_audio","input_audio":{"data":"{{{data}}}","format":"mp3"}}""")), 4096 + 6250, 4096 + 6400);
        Assert.InRange(Of(Part("""{"type":"file","file":{"file_id":"f-1"}}""")), 200_000, 200_200);
        Assert.InRange(Of(Part($$$"""{"type":"file","file":{"file_data":"{{{data}}}"}}""")), 300_000, 300_200);
    }

    [Theory]
    [InlineData("""{"messages":"x"}""")]
    [InlineData("""{"messages":[1,{"content":[1,{"type":7},{}]}]}""")]
    public void What_is_misshapen_counts_its_bytes(string body) => Assert.Equal(body.Length, Of(body));

    private static string Part(string part) => $$"""{"messages":[{"role":"user","content":[{{part}}]}]}""";

    private static double Of(string body)
    {
        using var document = JsonDocument.Parse(body);
        return InputBound.Of(document.RootElement);
    }
}
