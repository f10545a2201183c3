using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Http;

/// <summary>What an upstream's status means for the call.</summary>
internal static class UpstreamStatus
{
    /// <summary>The status of a key that may not do this. OpenAI gives it to whoever asks a model for probabilities that tells none, too.</summary>
    public const int Forbidden = 403;

    /// <summary>Longest wait after which the same model is asked again at once.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StandardPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether the model objects to the request itself. Another model may take it.</summary>
    public static bool IsObjection(int status) => Kind(status) == ChatFailure.Objected;

    /// <summary>The kind of failure behind a status that is no success.</summary>
    public static ChatFailure Kind(int status) => status switch
    {
        400 or 413 or 415 or 422 => ChatFailure.Objected,
        408 or 504 or 524 => ChatFailure.Timeout,
        429 => ChatFailure.RateLimited,

        // A conflict, a replayed early request and a failed dependency are the server's state, not the request's.
        409 or 424 or 425 or >= 500 => ChatFailure.ServerError,
        >= 400 => ChatFailure.Refused,
        _ => ChatFailure.BadAnswer,
    };

    /// <summary>The failure behind a status that is neither a success nor an objection.</summary>
    /// <param name="response">The response.</param>
    /// <param name="time">The clock.</param>
    /// <param name="told">How long its body says that the upstream is to be left alone; a header goes before it.</param>
    public static ChatProviderException ToFailure(HttpResponseMessage response, TimeProvider time, TimeSpan? told = null)
    {
        var status = (int)response.StatusCode;
        var failure = Kind(status);
        return new ChatProviderException(failure, $"The upstream answered with status {status}.")
        {
            UpstreamStatus = status,
            RetryAfter = failure is ChatFailure.RateLimited or ChatFailure.ServerError or ChatFailure.Timeout ? RetryAfterReader.Read(response, time) ?? told : null,
        };
    }

    /// <summary>
    /// How long to wait before the same model is asked once more: it wants fewer requests and says that the wait is short, or it says outright that a repetition
    /// is worth it. Null when it is not to be asked.
    /// </summary>
    public static TimeSpan? RetryPause(HttpResponseMessage response, ChatProviderException failure)
    {
        var wait = failure.RetryAfter;
        var advice = response.Headers.NonValidated.TryGetValues("x-should-retry", out var values) ? values.ToString() : null;
        var isWorthIt = string.Equals(advice, "true", StringComparison.OrdinalIgnoreCase)
            || (failure.Failure == ChatFailure.RateLimited && wait is not null && !string.Equals(advice, "false", StringComparison.OrdinalIgnoreCase));
        return isWorthIt && (wait ?? StandardPause) <= ShortWait ? wait ?? StandardPause : null;
    }
}
