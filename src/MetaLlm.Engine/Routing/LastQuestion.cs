using System.Text.Json;

namespace MetaLlm.Engine.Routing;

/// <summary>What the user asked last.</summary>
internal static class LastQuestion
{
    /// <summary>Reads it off a chat request.</summary>
    /// <param name="body">UTF-8 JSON.</param>
    /// <returns>Null where no user spoke, or without words.</returns>
    public static string? Of(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        if (!document.RootElement.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        for (var i = messages.GetArrayLength() - 1; i >= 0; i--)
        {
            if (messages[i] is { ValueKind: JsonValueKind.Object } message && message.TryGetProperty("role", out var role) && role.ValueEquals("user"))
            {
                return message.TryGetProperty("content", out var content) && Text(content) is { Length: > 0 } text ? text : null;
            }
        }

        return null;
    }

    private static string? Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString(),
        JsonValueKind.Array => string.Join('\n', content.EnumerateArray()
            .Where(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            .Select(part => part.GetProperty("text").GetString())),
        _ => null,
    };
}
