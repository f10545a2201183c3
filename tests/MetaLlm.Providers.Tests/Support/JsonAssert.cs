using System.Text.Json.Nodes;

namespace MetaLlm.Providers.Tests.Support;

/// <summary>Compares JSON by what it says.</summary>
internal static class JsonAssert
{
    public static void Equal(string expected, string? actual)
    {
        var (left, right) = (JsonNode.Parse(expected), JsonNode.Parse(actual!));
        Assert.True(JsonNode.DeepEquals(left, right), $"Expected {left?.ToJsonString()}\nActual   {right?.ToJsonString()}");
    }
}
