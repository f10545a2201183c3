using System.Globalization;
using MetaLlm.Engine.Admission;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Admission;

/// <summary>Errors of calls that are not admitted.</summary>
internal static class AdmissionErrors
{
    public static ApiError Overloaded(TimeSpan retryAfter) =>
        new(ErrorCode.Overloaded, "The gateway has more requests than it can serve in time; the request may be repeated.") { RetryAfterSeconds = WholeSeconds(retryAfter) };

    /// <summary>A limit has no room, in OpenAI's words: its type says whether requests or tokens are meant.</summary>
    public static ApiError Refused(AdmissionRefusal refusal)
    {
        var of = refusal.IsOfKey ? "the API key" : "the tenant";
        var limit = refusal.Limit switch
        {
            AdmissionLimit.Requests => "requests per minute (RPM)",
            AdmissionLimit.Tokens => "tokens per minute (TPM)",
            _ => "parallel calls",
        };
        var figures = string.Create(
            CultureInfo.InvariantCulture, $"Limit {refusal.Most:0}, Used {Math.Ceiling(refusal.Used):0}, Requested {Math.Ceiling(refusal.Requested):0}.");
        return new ApiError(ErrorCode.RateLimitExceeded, refusal.RetryAfter is { } wait
            ? $"Rate limit reached for {of} on {limit}: {figures} Please try again in {RateLimitHeaders.Duration(wait)}."
            : $"Request too large for {of} on {limit}: {figures} The prompt or 'max_tokens' must be smaller.")
        {
            Type = refusal.Limit == AdmissionLimit.Tokens ? "tokens" : "requests",
            RetryAfterSeconds = refusal.RetryAfter is { } retry ? WholeSeconds(retry) : null,
            RetryAfterMilliseconds = refusal.RetryAfter is { } exact ? (int)Math.Clamp(Math.Ceiling(exact.TotalMilliseconds), 1, int.MaxValue) : null,
        };
    }

    private static int WholeSeconds(TimeSpan wait) => (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, 86_400);
}
