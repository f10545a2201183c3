using System.Buffers;
using System.Text;
using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Tests;

public sealed class JsonSplicerTests
{
    [Theory]
    [InlineData("""{"model":"a","x":1}""", """{"model":"B","x":1}""")]
    [InlineData(""" { "x" : 1.50 , "model" :  "a" } """, """ { "x" : 1.50 , "model" :  "B" } """)]
    [InlineData("""{"x":1}""", """{"x":1,"model":"B"}""")]
    [InlineData("""{}""", """{"model":"B"}""")]
    [InlineData("""{ "gone":{"model":1}}""", """{ "model":"B"}""")]
    [InlineData("""{"gone":1,"model":"a","y":2}""", """{"model":"B","y":2}""")]
    [InlineData("""{"model":"a","gone":[1,2]}""", """{"model":"B"}""")]
    [InlineData("""{"a":1,"gone":0,"b":2}""", """{"a":1,"b":2,"model":"B"}""")]
    [InlineData("""{"nested":{"model":"keep","gone":1},"model":null}""", """{"nested":{"model":"keep","gone":1},"model":"B"}""")]
    [InlineData("""{"model":"x","big":123456789012345678901234567890,"s":"é \" }"}""", """{"model":"B","big":123456789012345678901234567890,"s":"é \" }"}""")]
    public void Only_the_named_members_change(string json, string expected)
    {
        Assert.Equal(expected, Edit(json));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1} x""")]
    [InlineData("""{"a":1}{"b":2}""")]
    public void What_is_no_object_is_refused(string json)
    {
        Assert.ThrowsAny<JsonException>(() => Edit(json));
    }

    private static string Edit(string json)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonSplicer.Edit(Encoding.UTF8.GetBytes(json), [new("model", "\"B\""u8.ToArray(), AddIfMissing: true), new("gone", null)], output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
