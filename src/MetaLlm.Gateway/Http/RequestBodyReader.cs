using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MetaLlm.Gateway.Http;

/// <summary>Reads a JSON body whole: within its size limit, in UTF-8, without doubled members.</summary>
internal static class RequestBodyReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <exception cref="ApiException">The body is no JSON, too large, or not declared as JSON.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, int limit)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw ApiException.WrongMediaType($"Content-Type is '{request.ContentType}'; it must be application/json in UTF-8.");
        }

        if (request.ContentLength > limit)
        {
            throw TooLarge(request.ContentLength.Value, limit);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit;
        }

        using var buffer = new MemoryStream(request.ContentLength is { } known ? (int)known : 4096);
        try
        {
            await request.Body.CopyToAsync(buffer, context.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(null, limit);
        }

        // A server without the feature above enforces nothing by itself.
        return buffer.Length <= limit ? buffer.ToArray() : throw TooLarge(buffer.Length, limit);
    }

    /// <summary>Parses a body; the caller disposes the document.</summary>
    /// <exception cref="ApiException">It is no JSON; the error names the position.</exception>
    public static JsonDocument Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            throw ApiException.BadRequest("empty_body", "The body is empty; it must be JSON.");
        }

        if (!Utf8.IsValid(body))
        {
            throw ApiException.BadRequest("invalid_json", "The body is not valid UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException e)
        {
            var position = e.LineNumber is { } line ? $" at line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
            throw ApiException.BadRequest("invalid_json", $"The body is no well-formed JSON{position}: {Reason(e)}");
        }
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static ApiException TooLarge(long? length, int limit) =>
        ApiException.TooLarge($"The body has {(length is null ? "too many" : length)} bytes; at most {limit} are legal.");
}
