using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Batch;

/// <summary>What came of a call.</summary>
/// <param name="Status">The status; null where no answer came.</param>
/// <param name="Text">The answer's text, or why none came.</param>
internal sealed record BatchReply(HttpStatusCode? Status, string Text)
{
    /// <summary>The decision that it is of; null where none was made, or nobody says.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Whether it is the answer to an earlier call with the same key.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>Whether it was kept from before, so that no model was called.</summary>
    public bool IsFree { get; init; }

    /// <summary>How long to leave the gateway alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the model has answered.</summary>
    public bool IsAnswer => Status == HttpStatusCode.OK;

    /// <summary>Whether the same call may go better later.</summary>
    public bool MayComeAgain => Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>The error, for people.</summary>
    public string Describe() => $"{(Status is { } status ? (int)status : "no answer:")} {Message}";

    private string Message
    {
        get
        {
            try
            {
                return (string?)JsonNode.Parse(Text)?["error"]?["message"] ?? Text;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return Text;
            }
        }
    }
}
