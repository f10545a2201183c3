using System.Globalization;

namespace MetaLlm.Providers.Http;

/// <summary>Reads how long an upstream wants to be left alone.</summary>
internal static class RetryAfterReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The wait, at most a day; null when none is asked for, or it is over, or it is nonsense.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider time)
    {
        if (Number(response, "retry-after-ms") is { } milliseconds)
        {
            return Bounded(milliseconds / 1000);
        }

        if (Number(response, "Retry-After") is { } seconds)
        {
            return Bounded(seconds);
        }

        // Against the upstream's own clock where it shows it: ours may differ.
        return Date(response, "Retry-After") is { } until ? Bounded((until - (Date(response, "Date") ?? time.GetUtcNow())).TotalSeconds) : null;
    }

    /// <summary>A wait of so many seconds, at most a day; null when it is none.</summary>
    public static TimeSpan? Bounded(double seconds) =>
        double.IsFinite(seconds) && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds)) : null;

    private static double? Number(HttpResponseMessage response, string name) =>
        double.TryParse(Text(response, name), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Date(HttpResponseMessage response, string name) =>
        DateTimeOffset.TryParse(Text(response, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    private static string? Text(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;
}
