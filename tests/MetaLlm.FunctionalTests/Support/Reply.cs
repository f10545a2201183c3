namespace MetaLlm.FunctionalTests.Support;

/// <summary>An answer that was read to its end.</summary>
internal sealed class Reply
{
    public Reply(HttpResponseMessage response, string text)
    {
        Status = response.StatusCode;
        Text = text;
        ContentType = response.Content.Headers.ContentType?.MediaType;
        Headers = response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
    }

    public HttpStatusCode Status { get; }

    public string Text { get; }

    public string? ContentType { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string DecisionId => Headers["x-metallm-decision-id"];

    public string Model => Headers["x-metallm-model"];

    public JsonElement Error => Json.GetProperty("error");

    public string Code => Error.GetProperty("code").GetString()!;

    public string Message => Error.GetProperty("message").GetString()!;

    public Reply Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status}: {Text}");
        return this;
    }
}
