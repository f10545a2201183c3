using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes the content of messages as blocks.</summary>
/// <param name="json">Receives them, within a list.</param>
/// <param name="adapted">Receives what was left out.</param>
internal sealed class AnthropicParts(Utf8JsonWriter json, List<string> adapted)
{
    private const string Name = "messages";

    /// <summary>Writes a message's content. Empty texts are left out, which Anthropic refuses.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cache">Cache mark of the message, which its last block gets unless it has one of its own.</param>
    public void Write(JsonElement message, JsonElement? cache)
    {
        if (!message.Says("content", out var content))
        {
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText(content, cache);
            return;
        }

        var parts = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToArray() : throw Untranslatable.Member(Name, "has content that is neither a text nor a list.");
        for (var i = 0; i < parts.Length; i++)
        {
            WritePart(parts[i], parts[i].Says("cache_control", out var own) ? own : i == parts.Length - 1 ? cache : null);
        }
    }

    private void WritePart(JsonElement part, JsonElement? cache)
    {
        var type = part.Says("type", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : string.Empty;
        switch (type)
        {
            case "text" or "refusal" when part.Says(type, out var text):
                WriteText(text, cache);
                break;
            case "image_url" when part.Says("image_url", out var image):
                WriteImage(image, cache);
                break;
            case "file" when part.Says("file", out var file):
                WriteFile(file, cache);
                break;
            default:
                throw Untranslatable.Member(Name, $"has a part of type '{type}'; this model reads text, image_url and file.");
        }
    }

    private void WriteText(JsonElement text, JsonElement? cache)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has a part of type 'text' without a text.");
        }

        if (text.IsFilledText())
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteAsIs("text", text);
            End(cache);
        }
    }

    private void WriteImage(JsonElement image, JsonElement? cache)
    {
        var url = (image.ValueKind == JsonValueKind.String ? image : image.Says("url", out var inner) ? inner : default) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()! : throw Untranslatable.Member(Name, "has an image without a url.");
        if (image.Says("detail", out var detail) && !detail.IsText("auto"u8) && !adapted.Contains("image_url.detail"))
        {
            adapted.Add("image_url.detail");
        }

        json.WriteStartObject();
        json.WriteString("type", "image");
        if (DataUrl.TryRead(url, out var data))
        {
            WriteBase64(data.MediaType, data.Base64 ?? throw Untranslatable.Member(Name, "has an image whose data: URL is not base64."));
        }
        else
        {
            WriteUrl(url);
        }

        End(cache);
    }

    private void WriteFile(JsonElement file, JsonElement? cache)
    {
        if (!file.Says("file_data", out var given) || given.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has a file without file_data; files that were uploaded elsewhere are not known to this model.");
        }

        var text = given.GetString()!;
        json.WriteStartObject();
        json.WriteString("type", "document");
        if (DataUrl.TryRead(text, out var data))
        {
            WriteDocument(data);
        }
        else if (text.StartsWith("http", StringComparison.Ordinal))
        {
            WriteUrl(text);
        }
        else
        {
            // Bare base64 is a PDF by what the chat format says of it.
            WriteBase64("application/pdf", text);
        }

        if (file.Says("filename", out var name))
        {
            json.WriteAsIs("title", name);
        }

        End(cache);
    }

    private void WriteDocument(DataUrl data)
    {
        if (data.MediaType == "text/plain")
        {
            json.WriteStartObject("source");
            json.WriteString("type", "text");
            json.WriteString("media_type", "text/plain");
            json.WriteString("data", Decoded(data));
            json.WriteEndObject();
        }
        else if (data is { MediaType: "application/pdf", Base64: { } pdf })
        {
            WriteBase64(data.MediaType, pdf);
        }
        else
        {
            throw Untranslatable.Member(Name, $"has a file of type '{data.MediaType}'; this model reads application/pdf and text/plain.");
        }
    }

    private static string Decoded(DataUrl data)
    {
        try
        {
            return data.Base64 is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : Uri.UnescapeDataString(data.Plain);
        }
        catch (FormatException)
        {
            throw Untranslatable.Member(Name, "has a file whose file_data is no base64.");
        }
    }

    private void WriteBase64(string mediaType, string data)
    {
        json.WriteStartObject("source");
        json.WriteString("type", "base64");
        json.WriteString("media_type", mediaType);
        json.WriteString("data", data);
        json.WriteEndObject();
    }

    private void WriteUrl(string url)
    {
        json.WriteStartObject("source");
        json.WriteString("type", "url");
        json.WriteString("url", url);
        json.WriteEndObject();
    }

    private void End(JsonElement? cache)
    {
        if (cache is { } value)
        {
            json.WriteAsIs("cache_control", value);
        }

        json.WriteEndObject();
    }
}
