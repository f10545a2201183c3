using System.Globalization;
using MetaLlm.Engine.Admission;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Admission;

/// <summary>The headers that tell clients how their rate limits stand, as OpenAI names and writes them.</summary>
internal static class RateLimitHeaders
{
    public const string LimitRequests = "x-ratelimit-limit-requests";
    public const string LimitTokens = "x-ratelimit-limit-tokens";
    public const string RemainingRequests = "x-ratelimit-remaining-requests";
    public const string RemainingTokens = "x-ratelimit-remaining-tokens";
    public const string ResetRequests = "x-ratelimit-reset-requests";
    public const string ResetTokens = "x-ratelimit-reset-tokens";

    public static Task WriteAsync((HttpContext Http, AdmittedCall Call) answer)
    {
        var headers = answer.Http.Response.Headers;
        var (requests, tokens) = answer.Call.Status();
        if (requests is { } ofRequests)
        {
            (headers[LimitRequests], headers[RemainingRequests], headers[ResetRequests]) = (Whole(ofRequests.Limit), Whole(ofRequests.Remaining), Duration(ofRequests.Reset));
        }

        if (tokens is { } ofTokens)
        {
            (headers[LimitTokens], headers[RemainingTokens], headers[ResetTokens]) = (Whole(ofTokens.Limit), Whole(ofTokens.Remaining), Duration(ofTokens.Reset));
        }

        return Task.CompletedTask;
    }

    /// <summary>A time as in <c>12ms</c>, <c>1.5s</c> and <c>1m0s</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        <= 0 => "0s",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMilliseconds):0}ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalSeconds, 3):0.###}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.TotalSeconds % 60:0.###}s"),
    };

    private static string Whole(double amount) => Math.Floor(amount).ToString("0", CultureInfo.InvariantCulture);
}
