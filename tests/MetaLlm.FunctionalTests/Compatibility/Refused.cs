namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>An error in place of an answer, in the form of any surface.</summary>
internal sealed class Refused : Exception
{
    public const string DecisionHeader = "x-metallm-decision-id";

    private readonly JsonElement _error;

    /// <param name="status">Its status.</param>
    /// <param name="body">The body.</param>
    /// <param name="isOfModel">Whether a model was chosen, so that the error is of its making.</param>
    public Refused(HttpStatusCode status, string body, bool isOfModel)
        : base(body) => (Status, IsOfModel, _error) = (status, isOfModel, JsonDocument.Parse(body).RootElement.GetProperty("error"));

    public HttpStatusCode Status { get; }

    public bool IsOfModel { get; }

    public string? Code => Member("code");

    public string? Param => Member("param");

    public string? Said => Member("message");

    /// <summary>Throws where a response is an error.</summary>
    public static async Task ThrowAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new Refused(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Contains(DecisionHeader));
        }
    }

    public override string ToString() => $"{(int)Status} `{Code}`: {Said}";

    private string? Member(string name) => _error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
