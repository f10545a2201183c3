using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Parts of an item as parts of a chat message. One text alone is the message's content itself, which every server takes.</summary>
internal static class ResponsesContent
{
    /// <summary>Types of parts that a user, a system or a tool has.</summary>
    public static readonly string[] OfUser = ["input_text", "input_image", "input_file", "input_audio"];

    /// <summary>Types of parts that an assistant has; some clients send its texts as if a user had said them.</summary>
    public static readonly string[] OfAssistant = ["output_text", "input_text", "refusal"];

    /// <summary>Writes the member <c>content</c>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="item">The item.</param>
    /// <param name="name">Its member that holds a text or a list of parts.</param>
    /// <param name="legal">Types of parts that may be in it.</param>
    /// <exception cref="ApiException">It is neither, or a part is illegal.</exception>
    public static void Write(Utf8JsonWriter writer, JsonObjectReader item, string name, string[] legal)
    {
        var field = item.Field(name);
        switch (item.Find(name))
        {
            case { ValueKind: JsonValueKind.String } text:
                writer.Copy("content", text);
                break;
            case { ValueKind: JsonValueKind.Array } parts:
                Write(writer, [.. parts.EnumerateArray().Select((part, index) => new JsonObjectReader(part, $"{field}[{index}]"))], legal);
                break;
            case null:
                throw ApiException.BadField(field, "is missing; it must be a text or a list of parts.");
            case { } other:
                throw ApiException.BadField(field, $"is {JsonObjectReader.Name(other)}; it must be a text or a list of parts.");
        }
    }

    private static void Write(Utf8JsonWriter writer, List<JsonObjectReader> parts, string[] legal)
    {
        if (parts is [var only] && only.RequiredText("type", 64) is "input_text" or "output_text")
        {
            writer.Copy("content", parts[0].RequiredString("text"));
            return;
        }

        writer.WriteStartArray("content");
        foreach (var part in parts)
        {
            var type = part.RequiredText("type", 64);
            if (!legal.Contains(type))
            {
                throw ApiException.BadField(part.Field("type"), $"is '{type}'; here it must be one of {string.Join(", ", legal)}.");
            }

            writer.WriteStartObject();
            Write(writer, part, type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonObjectReader part, string type)
    {
        switch (type)
        {
            case "input_image":
                RefuseId(part);
                writer.WriteString("type", "image_url");
                writer.WriteStartObject("image_url");
                writer.Copy("url", part.RequiredString("image_url"));
                writer.Copy("detail", part.Find("detail"));
                writer.WriteEndObject();
                break;
            case "input_file":
                RefuseId(part);
                writer.WriteString("type", "file");
                writer.WriteStartObject("file");
                writer.Copy("filename", part.Find("filename"));
                writer.Copy("file_data", part.Find("file_url") is null ? part.RequiredString("file_data") : part.RequiredString("file_url"));
                writer.WriteEndObject();
                break;
            case "input_audio":
                writer.WriteString("type", "input_audio");
                writer.Copy("input_audio", part.RequiredObject("input_audio").Element);
                break;
            case "refusal":
                writer.WriteString("type", "refusal");
                writer.Copy("refusal", part.RequiredString("refusal"));
                break;
            default:
                writer.WriteString("type", "text");
                writer.Copy("text", part.RequiredString("text"));
                break;
        }
    }

    private static void RefuseId(JsonObjectReader part)
    {
        if (part.Find("file_id") is not null)
        {
            throw ApiException.BadField(part.Field("file_id"), "names a file that lies at OpenAI; send its data or its URL.");
        }
    }
}
