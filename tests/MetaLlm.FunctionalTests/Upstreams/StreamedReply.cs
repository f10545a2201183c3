namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A stream that was read to its end, as a client saw it.</summary>
/// <param name="Status">The status.</param>
/// <param name="DecisionId">The decision; null where the headers name none.</param>
/// <param name="Events">The data of its events, or the body of an error.</param>
/// <param name="Broken">What reading ended with; null for an orderly end.</param>
internal sealed record StreamedReply(HttpStatusCode Status, string? DecisionId, IReadOnlyList<string> Events, Exception? Broken)
{
    /// <summary>Whether the client may take it for a whole answer.</summary>
    public bool IsWhole => Broken is null && Events.Count > 0 && Events[^1] == "[DONE]" && Error is null;

    /// <summary>The error that an event tells of; null without one.</summary>
    public JsonElement? Error => Chunks.Select(chunk => chunk.TryGetProperty("error", out var error) ? error : (JsonElement?)null).FirstOrDefault(error => error is not null);

    public string Text => EventStream.Text(Chunks.Where(chunk => chunk.TryGetProperty("choices", out _)));

    private IEnumerable<JsonElement> Chunks => EventStream.Chunks(Events);

    public static async Task<StreamedReply> ReadAsync(HttpResponseMessage response)
    {
        var events = new List<string>();
        Exception? broken = null;
        try
        {
            if (response.IsSuccessStatusCode)
            {
                await foreach (var data in EventStream.DataAsync(response))
                {
                    events.Add(data);
                }
            }
            else
            {
                events.Add(await response.Content.ReadAsStringAsync());
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            broken = e;
        }

        return new StreamedReply(response.StatusCode, response.Headers.TryGetValues("x-metallm-decision-id", out var ids) ? ids.Single() : null, events, broken);
    }

    public override string ToString() => $"{(int)Status}, {string.Join(" | ", Events)}, {Broken?.Message ?? "orderly end"}";
}
