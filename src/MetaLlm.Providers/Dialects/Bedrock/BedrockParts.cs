using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Writes the content of messages as blocks. A mark for a cache is a block of its own, after the one that bears it.</summary>
/// <param name="json">Receives them, within a list.</param>
/// <param name="adapted">Receives what was left out.</param>
internal sealed class BedrockParts(Utf8JsonWriter json, List<string> adapted) : PartWriter(adapted)
{
    private static readonly Dictionary<string, string> Documents = new(StringComparer.Ordinal)
    {
        ["application/pdf"] = "pdf",
        ["text/csv"] = "csv",
        ["text/html"] = "html",
        ["text/plain"] = "txt",
        ["text/markdown"] = "md",
        ["application/msword"] = "doc",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = "docx",
        ["application/vnd.ms-excel"] = "xls",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = "xlsx",
    };

    /// <summary>Whether marks for caches are written; results of tools have no room for them.</summary>
    public bool MarksCaches { get; init; } = true;

    /// <summary>Writes the block that a mark for a cache is; nothing for none.</summary>
    public static void WriteCachePoint(Utf8JsonWriter json, JsonElement? cache)
    {
        if (cache is not { } mark)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("cachePoint");
        json.WriteString("type", "default");
        if (mark.Says("ttl", out var ttl))
        {
            json.WriteAsIs("ttl", ttl);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void WriteText(JsonElement text, JsonElement? cache)
    {
        json.WriteStartObject();
        json.WriteAsIs("text", text);
        json.WriteEndObject();
        Mark(cache);
    }

    /// <inheritdoc/>
    protected override void WriteImage(string url, JsonElement? cache)
    {
        var format = string.Empty;
        if (DataUrl.TryRead(url, out var data))
        {
            format = data.MediaType is "image/jpg" ? "jpeg" : data.MediaType.StartsWith("image/", StringComparison.Ordinal) ? data.MediaType[6..] : string.Empty;
        }
        else if (IsStored(url))
        {
            format = Path.GetExtension(url).TrimStart('.').ToLowerInvariant() is var end && end == "jpg" ? "jpeg" : end;
        }

        if (format is not ("png" or "jpeg" or "gif" or "webp"))
        {
            throw Untranslatable.Member(Name, "has an image that is neither a data: nor an s3: URL of a PNG, JPEG, GIF or WebP, which this model reads.");
        }

        Write("image", format, null, url, data, cache);
    }

    /// <inheritdoc/>
    protected override void WriteFile(string data, JsonElement? name, JsonElement? cache)
    {
        var isData = DataUrl.TryRead(data, out var url);
        var format = isData ? Documents.GetValueOrDefault(url.MediaType) : IsStored(data) ? Path.GetExtension(data).TrimStart('.').ToLowerInvariant() : "pdf";
        if (format is null || !Documents.ContainsValue(format) || (!isData && data.StartsWith("http", StringComparison.Ordinal)))
        {
            throw Untranslatable.Member(Name, $"has a file that is neither a data: nor an s3: URL of one of {string.Join(", ", Documents.Values)}, which this model reads.");
        }

        Write("document", format, LegalName(name?.GetString()), data, url, cache);
    }

    private void Write(string kind, string format, string? name, string text, DataUrl data, JsonElement? cache)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteString("format", format);
        if (name is not null)
        {
            json.WriteString("name", name);
        }

        json.WriteStartObject("source");
        if (IsStored(text))
        {
            json.WriteStartObject("s3Location");
            json.WriteString("uri", text);
            json.WriteEndObject();
        }
        else
        {
            // Bare text is base64 by itself.
            json.WriteString("bytes", data.MediaType is null ? text : data.Base64 ?? Convert.ToBase64String(Decoded(data)));
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        Mark(cache);
    }

    private void Mark(JsonElement? cache) => WriteCachePoint(json, MarksCaches ? cache : null);

    /// <summary>Names have letters, digits, single blanks and a few signs; a dot is none of them.</summary>
    private static string LegalName(string? name)
    {
        var legal = string.Join(' ', string.Concat((name is null ? string.Empty : Path.GetFileNameWithoutExtension(name)).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '(' or ')' or '[' or ']' ? c : ' '))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return legal.Length == 0 ? "document" : legal[..Math.Min(legal.Length, 200)];
    }

    private static bool IsStored(string url) => url.StartsWith("s3://", StringComparison.Ordinal);
}
