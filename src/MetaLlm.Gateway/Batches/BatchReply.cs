using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>What came of a call.</summary>
/// <param name="Status">The status; null where no answer came.</param>
/// <param name="Text">The answer's text, or why none came.</param>
internal sealed record BatchReply(HttpStatusCode? Status, string Text)
{
    /// <summary>The decision that it is of; null where none was made, or nobody says.</summary>
    public string? DecisionId { get; init; }

    /// <summary>The model that answered; null where nobody says.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it is the answer to an earlier call with the same key.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>Whether it was kept from before, so that no model was called.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether no answer came within the time that a call may take.</summary>
    public bool IsLate { get; init; }

    /// <summary>How long to leave the gateway alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the model has answered.</summary>
    public bool IsAnswer => Status == HttpStatusCode.OK;

    /// <summary>Whether the same call may go better later.</summary>
    public bool MayComeAgain => Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>Whether the gateway had no room for the call, or an earlier one with its key may still run: none was made.</summary>
    public bool IsTurnedAway => DecisionId is null && Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict;

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
