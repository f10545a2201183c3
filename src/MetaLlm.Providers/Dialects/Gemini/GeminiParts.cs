using System.Text.Json;
using Microsoft.AspNetCore.StaticFiles;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Writes the content of messages as parts. Marks for caches are left out: Gemini caches by itself.</summary>
/// <param name="json">Receives them, within a list.</param>
/// <param name="adapted">Receives what was left out.</param>
internal sealed class GeminiParts(Utf8JsonWriter json, List<string> adapted) : PartWriter(adapted)
{
    private static readonly FileExtensionContentTypeProvider MediaTypes = new();

    /// <inheritdoc/>
    protected override void WriteText(JsonElement text, JsonElement? cache)
    {
        json.WriteStartObject();
        json.WriteAsIs("text", text);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void WriteImage(string url, JsonElement? cache) => WriteData(url);

    /// <inheritdoc/>
    protected override void WriteFile(string data, JsonElement? name, JsonElement? cache)
    {
        if (DataUrl.TryRead(data, out _) || TakesId(data))
        {
            WriteData(data);
        }
        else
        {
            WriteInline("application/pdf", data);
        }
    }

    /// <inheritdoc/>
    protected override void WriteAudio(JsonElement audio, JsonElement? cache)
    {
        if (!audio.Says("data", out var data) || !audio.Says("format", out var format) || data.ValueKind != JsonValueKind.String || format.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has input_audio without data and format.");
        }

        WriteInline($"audio/{format.GetString()}", data.GetString()!);
    }

    /// <summary>Files at Google have an address.</summary>
    protected override bool TakesId(string id) => id.StartsWith("https://", StringComparison.Ordinal) || id.StartsWith("http://", StringComparison.Ordinal) || id.StartsWith("gs://", StringComparison.Ordinal);

    private void WriteData(string url)
    {
        if (DataUrl.TryRead(url, out var data))
        {
            WriteInline(data.MediaType, data.Base64 ?? Convert.ToBase64String(Decoded(data)));
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("fileData");
        if (Uri.TryCreate(url, UriKind.Absolute, out var address) && MediaTypes.TryGetContentType(address.AbsolutePath, out var type))
        {
            json.WriteString("mimeType", type);
        }

        json.WriteString("fileUri", url);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteInline(string mediaType, string data)
    {
        json.WriteStartObject();
        json.WriteStartObject("inlineData");
        json.WriteString("mimeType", mediaType);
        json.WriteString("data", data);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
