using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes the content of messages as blocks.</summary>
/// <param name="json">Receives them, within a list.</param>
/// <param name="adapted">Receives what was left out.</param>
internal sealed class AnthropicParts(Utf8JsonWriter json, List<string> adapted) : PartWriter(adapted)
{
    /// <inheritdoc/>
    protected override void WriteText(JsonElement text, JsonElement? cache)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.WriteAsIs("text", text);
        End(cache);
    }

    /// <inheritdoc/>
    protected override void WriteImage(string url, JsonElement? cache)
    {
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

    /// <inheritdoc/>
    protected override void WriteFile(string data, JsonElement? name, JsonElement? cache)
    {
        json.WriteStartObject();
        json.WriteString("type", "document");
        if (DataUrl.TryRead(data, out var url))
        {
            WriteDocument(url);
        }
        else if (data.StartsWith("http", StringComparison.Ordinal))
        {
            WriteUrl(data);
        }
        else
        {
            WriteBase64("application/pdf", data);
        }

        if (name is { } title)
        {
            json.WriteAsIs("title", title);
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
            json.WriteString("data", Encoding.UTF8.GetString(Decoded(data)));
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
