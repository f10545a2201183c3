using System.Globalization;
using System.Text.Json;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>What a caller may ask of routing: the body's <c>metallm</c> object, or headers for clients that cannot add to the body.</summary>
/// <remarks>A field of the body goes before the header of the same meaning.</remarks>
internal sealed record RoutingPreferences(string? Task, PreferenceWeights Preferences, double? MaxCostUsd, IReadOnlyList<string>? Allow, string? Session, string? Expected = null)
{
    public const int LongestTask = 64;
    public const int LongestSession = 256;
    public const int LongestExpected = 20_000;
    public const double LargestWeight = 1000;
    public const double HighestCost = 1_000_000;

    /// <param name="root">The request.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="models">The models that it may be routed to.</param>
    /// <exception cref="ApiException">A wish is illegal.</exception>
    public static RoutingPreferences Read(JsonObjectReader root, IHeaderDictionary headers, IReadOnlyCollection<string> models)
    {
        var body = root.Object("metallm");
        body?.RefuseUnknown("task", "dial", "max_cost_usd", "allow", "session", "expected");
        var dial = body?.Object("dial");
        dial?.RefuseUnknown("quality", "cost", "latency");
        return new RoutingPreferences(
            body?.Text("task", LongestTask) ?? HeaderText(headers, MetaLlmHeaders.Task, LongestTask),
            new PreferenceWeights(
                dial?.Number("quality", 0, LargestWeight, aboveMinimum: true) ?? HeaderNumber(headers, MetaLlmHeaders.Quality, LargestWeight, aboveZero: true) ?? 1,
                dial?.Number("cost", 0, LargestWeight) ?? HeaderNumber(headers, MetaLlmHeaders.Cost, LargestWeight) ?? 1,
                dial?.Number("latency", 0, LargestWeight) ?? HeaderNumber(headers, MetaLlmHeaders.Latency, LargestWeight) ?? 1),
            body?.Number("max_cost_usd", 0, HighestCost, aboveMinimum: true) ?? HeaderNumber(headers, MetaLlmHeaders.MaxCostUsd, HighestCost, aboveZero: true),
            ReadAllow(body, headers, models),
            body?.Text("session", LongestSession) ?? HeaderText(headers, MetaLlmHeaders.Session, LongestSession),
            body?.Text("expected", LongestExpected));
    }

    private static List<string>? ReadAllow(JsonObjectReader? body, IHeaderDictionary headers, IReadOnlyCollection<string> models)
    {
        List<string> allow;
        string field;
        if (body?.Find("allow") is { } value)
        {
            field = "metallm.allow";
            if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
            {
                throw ApiException.BadField(field, "must be a list of model ids.");
            }

            allow = value.EnumerateArray().Select(e => JsonObjectReader.String(e, field)).ToList();
        }
        else if (headers.TryGetValue(MetaLlmHeaders.Allow, out var header))
        {
            field = MetaLlmHeaders.Allow;
            allow = [.. header.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
        else
        {
            return null;
        }

        var unknown = allow.Find(a => !models.Contains(a));
        if (allow.Count == 0 || unknown is not null)
        {
            var found = unknown is null ? "is empty" : $"has '{unknown}'";
            throw ApiException.BadField(field, $"{found}; it must name at least one of {string.Join(", ", models)}, and no other.");
        }

        return allow;
    }

    private static string? HeaderText(IHeaderDictionary headers, string name, int longest)
    {
        if (!headers.TryGetValue(name, out var value))
        {
            return null;
        }

        var text = value.ToString().Trim();
        return text.Length >= 1 && text.Length <= longest
            ? text
            : throw ApiException.BadField(name, $"has {text.Length} characters; 1 to {longest} are legal.");
    }

    private static double? HeaderNumber(IHeaderDictionary headers, string name, double maximum, bool aboveZero = false)
    {
        if (HeaderText(headers, name, 40) is not { } text)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= 0 && number <= maximum && !(aboveZero && number == 0)
            ? number
            : throw ApiException.BadField(name, FormattableString.Invariant($"is '{text}'; it must be a number {(aboveZero ? "above" : "from")} 0 to {maximum}."));
    }
}
