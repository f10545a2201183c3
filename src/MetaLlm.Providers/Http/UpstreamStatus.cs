using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Http;

/// <summary>What an upstream's status means for the call.</summary>
internal static class UpstreamStatus
{
    /// <summary>Whether the upstream objects to the request itself, so that no other arm would do better and the client must know.</summary>
    public static bool IsRequestAtFault(int status) => status is 400 or 413 or 415 or 422;

    /// <summary>The failure behind any other status that is no success.</summary>
    public static ChatProviderException ToFailure(HttpResponseMessage response, TimeProvider time)
    {
        var status = (int)response.StatusCode;
        var failure = status switch
        {
            408 or 504 => ChatFailure.Timeout,
            429 => ChatFailure.RateLimited,
            >= 500 => ChatFailure.ServerError,
            >= 400 => ChatFailure.Refused,
            _ => ChatFailure.BadAnswer,
        };
        return new ChatProviderException(failure, $"The upstream answered with status {status}.")
        {
            UpstreamStatus = status,
            RetryAfter = status is 429 or >= 500 ? RetryAfter(response, time) : null,
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }
}
