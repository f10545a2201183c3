using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using MetaLlm.Gateway.Admission;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MetaLlm.Gateway.Http;

/// <summary>Reads a body of JSON whole: within its size limit, in UTF-8, without doubled members.</summary>
internal static class RequestBodyReader
{
    private const int FirstPart = 64 * 1024;
    private const int LargestPart = 1024 * 1024;

    /// <exception cref="ApiException">The body is too large, or not declared as JSON.</exception>
    public static Task<byte[]> ReadAsync(HttpContext context, int limit, BodyMemory memory) => ReadAsync(context, limit, memory, "application/json");

    /// <param name="context">The request.</param>
    /// <param name="limit">Most bytes.</param>
    /// <param name="memory">What all bodies may take together; null for bodies of those who manage, which are small and few.</param>
    /// <param name="mediaTypes">What the body may be declared as; the first is the one to recommend.</param>
    /// <exception cref="ApiException">The body is too large, or declared as something else.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, int limit, BodyMemory? memory, params string[] mediaTypes)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !mediaTypes.Any(known => type.MediaType.Equals(known, StringComparison.OrdinalIgnoreCase))
            || (type.Charset.HasValue && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ApiException(ErrorCode.UnsupportedMediaType, $"Content-Type is '{request.ContentType}'; it must be {mediaTypes[0]} in UTF-8.");
        }

        RequirePlain(request);
        if (request.ContentLength > limit)
        {
            throw TooLarge(request.ContentLength.Value, limit);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = limit;
        }

        try
        {
            return await ReadWholeAsync(context, limit, memory).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(null, limit);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            // Framing that the server gives up on without calling it a bad request, or a client that is gone.
            throw new ApiException(ErrorCode.BadRequest, $"The body cannot be read to its end: {e.Message}");
        }
    }

    /// <summary>Refuses a body that is packed.</summary>
    /// <exception cref="ApiException">It has a <c>Content-Encoding</c>.</exception>
    public static void RequirePlain(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(ErrorCode.UnsupportedMediaType, $"Content-Encoding is '{encoding}'; it must be identity, or left out: bodies are read as they are.");
        }
    }

    /// <summary>
    /// Reads into parts that are lent, and copies them together when the end is known. Memory is taken for what has come, whatever length was declared, and only the body itself is left behind.
    /// </summary>
    private static async Task<byte[]> ReadWholeAsync(HttpContext context, int limit, BodyMemory? memory)
    {
        if (context.Request.ContentLength is > BodyMemory.Small and { } declared)
        {
            memory?.RequireRoom(declared);
        }

        BodyMemory.Share? share = null;
        var parts = new List<byte[]> { ArrayPool<byte>.Shared.Rent(FirstPart) };
        var (total, filled) = (0L, 0);
        try
        {
            while (true)
            {
                if (filled == parts[^1].Length)
                {
                    var next = (int)Math.Clamp(total, FirstPart, LargestPart);
                    share ??= memory?.Open(context);
                    share?.Take(total + next);
                    parts.Add(ArrayPool<byte>.Shared.Rent(next));
                    filled = 0;
                }

                var count = await context.Request.Body.ReadAsync(parts[^1].AsMemory(filled), context.RequestAborted).ConfigureAwait(false);
                if (count == 0)
                {
                    return Join(parts, total);
                }

                (total, filled) = (total + count, filled + count);

                // A server without the feature for it enforces nothing by itself.
                if (total > limit)
                {
                    throw TooLarge(null, limit);
                }
            }
        }
        finally
        {
            foreach (var part in parts)
            {
                ArrayPool<byte>.Shared.Return(part);
            }
        }
    }

    private static byte[] Join(List<byte[]> parts, long total)
    {
        var body = new byte[total];
        var rest = body.AsSpan();
        foreach (var part in parts)
        {
            var taken = Math.Min(part.Length, rest.Length);
            part.AsSpan(0, taken).CopyTo(rest);
            rest = rest[taken..];
        }

        return body;
    }

    /// <summary>Parses a body; the caller disposes the document.</summary>
    /// <exception cref="ApiException">It is no JSON; the error names the position.</exception>
    public static JsonDocument Parse(byte[] body) => body.Length > 0
        ? Parse(body, "The body")
        : throw new ApiException(ErrorCode.EmptyBody, "The body is empty; it must be JSON.");

    /// <summary>Parses a part of a body; the caller disposes the document, and keeps the bytes until then.</summary>
    /// <param name="part">The part.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="ApiException">It is no JSON; the error names the position.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> part, string name)
    {
        if (!Utf8.IsValid(part.Span))
        {
            throw new ApiException(ErrorCode.InvalidJson, $"{name} is not valid UTF-8.");
        }

        try
        {
            return JsonDocument.Parse(part, StrictJson.Options);
        }
        catch (JsonException e)
        {
            var position = e.LineNumber is { } line ? $" at line {line + 1}, byte {e.BytePositionInLine + 1}" : "";
            throw new ApiException(ErrorCode.InvalidJson, $"{name} is no well-formed JSON{position}: {Reason(e)}");
        }
        catch (InvalidOperationException)
        {
            // Looking for doubled members unescapes every name.
            throw new ApiException(ErrorCode.InvalidJson, $"{name} has a member whose name holds an escape that is no character, such as half of a UTF-16 pair.");
        }
    }

    /// <summary>
    /// Refuses a body with a text that is none, wherever it stands: what goes on to models must not make them fail, which would count against them for everybody.
    /// </summary>
    /// <param name="body">Well-formed JSON.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="ApiException">A text holds an escape of half a UTF-16 pair.</exception>
    public static void RequireTexts(ReadOnlySpan<byte> body, string name = "The body")
    {
        if (body.IndexOf("\\u"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictJson.Options.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped && !IsText(ref reader))
            {
                throw new ApiException(ErrorCode.InvalidJson, $"{name} has a text, before byte {reader.BytesConsumed}, that holds an escape that is no character, such as half of a UTF-16 pair.");
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static ApiException TooLarge(long? length, int limit) =>
        new(ErrorCode.RequestTooLarge, $"The body has {(length is null ? "too many" : length)} bytes; at most {limit} are legal.");
}
