using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MetaLlm.Gateway.Management;

/// <summary>Reads what requests of management have in common.</summary>
internal static class AdminRequest
{
    /// <summary>Most bytes of a body.</summary>
    public const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan StandardPeriod = TimeSpan.FromDays(30);
    private static readonly string[] Json = ["application/json"];
    private static readonly string[] Patch = ["application/json", "application/merge-patch+json"];

    /// <summary>Whether there is no body. Not every client sends a length of 0 for nothing, or a type with it.</summary>
    /// <param name="context">The request.</param>
    public static bool IsEmpty(HttpContext context) => context.Request.ContentLength is 0 || (context.Request.ContentLength is null && context.Request.ContentType is null);

    /// <summary>Reads a body that must be an object.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isPatch">Whether it may be declared as a merge patch.</param>
    public static async Task<JsonObject> ObjectAsync(HttpContext context, bool isPatch = false) =>
        await NodeAsync(context, isPatch ? Patch : Json).ConfigureAwait(false) as JsonObject ?? throw ApiException.BadField("body", "is no object; it must be one.");

    /// <summary>Reads a body of any JSON.</summary>
    /// <param name="context">The request.</param>
    public static Task<JsonNode?> NodeAsync(HttpContext context) => NodeAsync(context, Json);

    /// <summary>The revision of <c>If-Match</c>; null where it is not sent, or is <c>*</c>.</summary>
    /// <param name="context">The request.</param>
    public static long? Revision(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString().Trim();
        if (header.Length == 0 || header == "*")
        {
            return null;
        }

        return EntityTagHeaderValue.TryParse(header, out var tag) && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw ApiException.BadField("If-Match", $"is '{header}'; it must be the ETag of an answer, such as \"17\".");
    }

    /// <summary>Tells the revision of what is answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tenant">What is answered.</param>
    public static void Tag(HttpContext context, ManagedTenant tenant)
    {
        if (tenant.Row is { } row)
        {
            context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{row.Revision}\"");
        }
    }

    /// <summary>A whole number of the query.</summary>
    public static long Number(HttpContext context, string name, long standard, long least, long most)
    {
        if (!context.Request.Query.TryGetValue(name, out var text))
        {
            return standard;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw ApiException.BadField(name, $"is '{text}'; it must be a whole number from {least} to {most}.");
    }

    /// <summary>A time of the query: a date, which begins at midnight UTC, or a date with a time.</summary>
    public static DateTimeOffset? Time(HttpContext context, string name)
    {
        if (!context.Request.Query.TryGetValue(name, out var text))
        {
            return null;
        }

        return IsoTime.Parse(text) ?? throw ApiException.BadField(name, $"is '{text}'; it must be a date or a time in ISO 8601, such as 2027-01-31 or 2027-01-31T12:00:00Z.");
    }

    /// <summary>The period from <c>from</c> to before <c>to</c> of the query: without them the 30 days until now, or until <c>to</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="now">The time.</param>
    public static (DateTimeOffset From, DateTimeOffset To) Period(HttpContext context, DateTimeOffset now)
    {
        var to = Time(context, "to") ?? now;
        var from = Time(context, "from") ?? (to - DateTimeOffset.MinValue > StandardPeriod ? to - StandardPeriod : DateTimeOffset.MinValue);
        return from < to ? (from, to) : throw ApiException.BadField("from", $"is {from:O}; it must be before 'to', which is {to:O}.");
    }

    private static async Task<JsonNode?> NodeAsync(HttpContext context, string[] mediaTypes)
    {
        var body = await RequestBodyReader.ReadAsync(context, MostBytes, null, mediaTypes).ConfigureAwait(false);
        using var document = RequestBodyReader.Parse(body);
        RequestBodyReader.RequireTexts(body);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(document.RootElement.Clone()),
            JsonValueKind.Array => JsonArray.Create(document.RootElement.Clone()),
            _ => throw ApiException.BadField("body", $"is {JsonObjectReader.Name(document.RootElement)}; it must be an object or a list."),
        };
    }
}
