namespace MetaLlm.FunctionalTests.Support;

/// <summary>Reads server-sent events as a client does, independently of the code under test.</summary>
internal static class EventStream
{
    public static async Task<List<string>> ReadAsync(HttpResponseMessage response)
    {
        var events = new List<string>();
        await foreach (var data in DataAsync(response))
        {
            events.Add(data);
        }

        return events;
    }

    public static async IAsyncEnumerable<string> DataAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                yield return line[6..];
            }
        }
    }

    public static IEnumerable<JsonElement> Chunks(IEnumerable<string> events) =>
        events.Where(e => e != "[DONE]").Select(e => JsonDocument.Parse(e).RootElement);

    public static string Text(IEnumerable<JsonElement> chunks) => string.Concat(chunks
        .SelectMany(c => c.GetProperty("choices").EnumerateArray())
        .Select(c => c.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : null));
}
