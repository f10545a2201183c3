using System.Text;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Reads the content of messages, a text or a list of parts, and has a dialect write it.</summary>
/// <param name="adapted">Receives what was left out.</param>
internal abstract class PartWriter(List<string> adapted)
{
    /// <summary>The member of the request.</summary>
    protected const string Name = "messages";

    /// <summary>Writes a message's content. Empty texts are left out, which some models refuse.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cache">Cache mark of the message, which its last part gets unless it has one of its own.</param>
    public void Write(JsonElement message, JsonElement? cache)
    {
        if (!message.Says("content", out var content))
        {
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            ReadText(content, cache);
            return;
        }

        var parts = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToArray() : throw Untranslatable.Member(Name, "has content that is neither a text nor a list.");
        for (var i = 0; i < parts.Length; i++)
        {
            WritePart(parts[i], parts[i].Says("cache_control", out var own) ? own : i == parts.Length - 1 ? cache : null);
        }
    }

    /// <summary>Writes a text that is not empty.</summary>
    protected abstract void WriteText(JsonElement text, JsonElement? cache);

    /// <summary>Writes an image.</summary>
    /// <param name="url">Its address, <c>data:</c> or another.</param>
    /// <param name="cache">Its cache mark.</param>
    protected abstract void WriteImage(string url, JsonElement? cache);

    /// <summary>Writes a file.</summary>
    /// <param name="data">Its address, <c>data:</c> or another, or bare base64, which is a PDF by what the chat format says of it.</param>
    /// <param name="name">Its name; null without one.</param>
    /// <param name="cache">Its cache mark.</param>
    protected abstract void WriteFile(string data, JsonElement? name, JsonElement? cache);

    /// <summary>Writes sound.</summary>
    /// <param name="audio">Has <c>data</c> and <c>format</c>.</param>
    /// <param name="cache">Its cache mark.</param>
    protected virtual void WriteAudio(JsonElement audio, JsonElement? cache) => throw Unknown("input_audio");

    /// <summary>Whether files may be named by an id.</summary>
    /// <param name="id">The id.</param>
    protected virtual bool TakesId(string id) => false;

    /// <summary>The bytes of a <c>data:</c> URL.</summary>
    protected static byte[] Decoded(DataUrl data)
    {
        try
        {
            return data.Base64 is { } text ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(Uri.UnescapeDataString(data.Plain));
        }
        catch (FormatException)
        {
            throw Untranslatable.Member(Name, "has a file whose file_data is no base64.");
        }
    }

    private static Engine.Ports.ChatProviderException Unknown(string? type) =>
        Untranslatable.Member(Name, $"has a part of type '{type}', which this model does not read.");

    private void WritePart(JsonElement part, JsonElement? cache)
    {
        var type = part.Says("type", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : string.Empty;
        switch (type)
        {
            case "text" or "refusal" when part.Says(type, out var text):
                ReadText(text, cache);
                break;
            case "image_url" when part.Says("image_url", out var image):
                ReadImage(image, cache);
                break;
            case "file" when part.Says("file", out var file):
                ReadFile(file, cache);
                break;
            case "input_audio" when part.Says("input_audio", out var audio):
                WriteAudio(audio, cache);
                break;
            default:
                throw Unknown(type);
        }
    }

    private void ReadText(JsonElement text, JsonElement? cache)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has a part of type 'text' without a text.");
        }

        if (text.IsFilledText())
        {
            WriteText(text, cache);
        }
    }

    private void ReadImage(JsonElement image, JsonElement? cache)
    {
        var url = (image.ValueKind == JsonValueKind.String ? image : image.Says("url", out var inner) ? inner : default) is { ValueKind: JsonValueKind.String } text
            ? text.GetString()! : throw Untranslatable.Member(Name, "has an image without a url.");
        if (image.Says("detail", out var detail) && !detail.IsText("auto"u8) && !adapted.Contains("image_url.detail"))
        {
            adapted.Add("image_url.detail");
        }

        WriteImage(url, cache);
    }

    private void ReadFile(JsonElement file, JsonElement? cache)
    {
        JsonElement? name = file.Says("filename", out var given) && given.ValueKind == JsonValueKind.String ? given : null;
        if (file.Says("file_data", out var data) && data.ValueKind == JsonValueKind.String)
        {
            WriteFile(data.GetString()!, name, cache);
        }
        else if (file.Says("file_id", out var id) && id.ValueKind == JsonValueKind.String && TakesId(id.GetString()!))
        {
            WriteFile(id.GetString()!, name, cache);
        }
        else
        {
            throw Untranslatable.Member(Name, "has a file without file_data; files that were uploaded elsewhere are not known to this model.");
        }
    }
}
