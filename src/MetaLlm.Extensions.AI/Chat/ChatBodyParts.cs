using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>Writes parts of a message's content.</summary>
internal static class ChatBodyParts
{
    private const string UnnamedFile = "file";

    /// <summary>Writes a part.</summary>
    /// <exception cref="MetaLlmException">Chat completions have no form for it.</exception>
    public static void Write(Utf8JsonWriter json, AIContent part, string field)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextContent text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case DataContent image when image.HasTopLevelMediaType("image"):
                WriteImage(json, image, image.Uri);
                break;
            case UriContent image when image.HasTopLevelMediaType("image"):
                WriteImage(json, image, image.Uri.AbsoluteUri);
                break;
            case DataContent audio when audio.HasTopLevelMediaType("audio"):
                json.WriteString("type", "input_audio");
                json.WriteStartObject("input_audio");
                json.WriteString("data", audio.Base64Data.Span);
                json.WriteString("format", Format(audio.MediaType));
                json.WriteEndObject();
                break;
            case DataContent file:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("filename", file.Name ?? UnnamedFile);
                json.WriteString("file_data", file.Uri);
                json.WriteEndObject();
                break;
            case HostedFileContent file:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("file_id", file.FileId);
                json.WriteEndObject();
                break;
            case UriContent other:
                throw MetaLlmException.BadField(field, $"has a {nameof(UriContent)} of type '{other.MediaType}'; addresses are for images, other files go as {nameof(DataContent)}.");
            default:
                throw MetaLlmException.BadField(
                    field, $"has a {part.GetType().Name}; it must be {nameof(TextContent)}, {nameof(DataContent)}, {nameof(UriContent)} of an image, {nameof(HostedFileContent)}, a call or a result.");
        }

        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, AIContent image, string address)
    {
        json.WriteString("type", "image_url");
        json.WriteStartObject("image_url");
        json.WriteString("url", address);
        if (image.AdditionalProperties is not null && image.AdditionalProperties.TryGetValue("detail", out string? detail))
        {
            json.WriteString("detail", detail);
        }

        json.WriteEndObject();
    }

    private static string Format(string mediaType) => mediaType.Split('/', ';')[1] switch
    {
        "mpeg" or "mp3" => "mp3",
        "wav" or "x-wav" or "wave" or "vnd.wave" => "wav",
        var other => other,
    };
}
