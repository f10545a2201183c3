using System.Text.Json;

namespace MetaLlm.Engine.Configuration;

/// <summary>
/// Any JSON value of a configuration. Sources of configurations know texts alone: a text that is JSON stands for what it says, and any other for itself.
/// </summary>
/// <param name="Json">The value as JSON.</param>
public sealed record JsonText(string Json)
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The value.</returns>
    public static JsonText Parse(string text)
    {
        // Configurations write these two in capitals.
        if (bool.TryParse(text, out var flag))
        {
            return new JsonText(flag ? "true" : "false");
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return new JsonText(document.RootElement.GetRawText());
        }
        catch (JsonException)
        {
            return new JsonText(JsonSerializer.Serialize(text));
        }
    }
}
