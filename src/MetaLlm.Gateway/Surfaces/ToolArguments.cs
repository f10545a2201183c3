using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Arguments of calls of tools, which models write as texts.</summary>
internal static class ToolArguments
{
    /// <summary>Whether a text is a JSON object.</summary>
    public static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
