using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Writes the content of messages as parts of items. A text alone stays one.</summary>
/// <param name="json">Receives it, within an item.</param>
internal sealed class ResponsesParts(Utf8JsonWriter json)
{
    private const string Name = "messages";

    /// <summary>Writes what a user, a system or a tool said.</summary>
    /// <param name="member">The item's member for it.</param>
    /// <param name="message">The message.</param>
    public void Write(string member, JsonElement message)
    {
        if (!message.Says("content", out var content))
        {
            json.WriteString(member, string.Empty);
            return;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            json.WriteAsIs(member, content);
            return;
        }

        json.WriteStartArray(member);
        foreach (var part in Parts(content))
        {
            json.WriteStartObject();
            WritePart(part);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes what an assistant said and refused as an item; nothing where it did neither.</summary>
    public void WriteAssistant(JsonElement message)
    {
        List<(string Type, JsonElement Text)> texts = !message.Says("content", out var content) ? []
            : content.ValueKind == JsonValueKind.String ? [("output_text", content)]
            : [.. Parts(content).Select(ReadSaid)];
        if (message.Says("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String)
        {
            texts.Add(("refusal", refusal));
        }

        texts.RemoveAll(text => !text.Text.IsFilledText());
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        foreach (var (type, text) in texts)
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteAsIs(type == "refusal" ? type : "text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static JsonElement.ArrayEnumerator Parts(JsonElement content) =>
        content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : throw Untranslatable.Member(Name, "has content that is neither a text nor a list.");

    private static (string Type, JsonElement Text) ReadSaid(JsonElement part) =>
        part.Says("text", out var text) && Type(part) == "text" ? ("output_text", Text(text))
        : part.Says("refusal", out text) && Type(part) == "refusal" ? ("refusal", Text(text))
        : throw Unknown(Type(part));

    private static JsonElement Text(JsonElement text) => text.ValueKind == JsonValueKind.String ? text : throw Untranslatable.Member(Name, "has a part of type 'text' without a text.");

    private static string? Type(JsonElement part) => part.Says("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static Engine.Ports.ChatProviderException Unknown(string? type) => Untranslatable.Member(Name, $"has a part of type '{type}', which this model does not read.");

    private void WritePart(JsonElement part)
    {
        switch (Type(part))
        {
            case "text" when part.Says("text", out var text):
                json.WriteString("type", "input_text");
                json.WriteAsIs("text", Text(text));
                break;
            case "image_url" when part.Says("image_url", out var image):
                json.WriteString("type", "input_image");
                json.WriteAsIs("image_url", image.ValueKind == JsonValueKind.String ? image : image.Says("url", out var url) ? url : throw Untranslatable.Member(Name, "has an image without a url."));
                if (image.Says("detail", out var detail))
                {
                    json.WriteAsIs("detail", detail);
                }

                break;
            case "file" when part.Says("file", out var file):
                WriteFile(file);
                break;
            case var other:
                throw Unknown(other);
        }
    }

    private void WriteFile(JsonElement file)
    {
        json.WriteString("type", "input_file");
        if (!file.Says("file_data", out var data) || data.ValueKind != JsonValueKind.String)
        {
            throw Untranslatable.Member(Name, "has a file without file_data; files that were uploaded elsewhere are not known to this model.");
        }

        if (data.GetString()!.StartsWith("http", StringComparison.Ordinal))
        {
            json.WriteAsIs("file_url", data);
            return;
        }

        if (file.Says("filename", out var name))
        {
            json.WriteAsIs("filename", name);
        }
        else
        {
            json.WriteString("filename", "file.pdf");
        }

        json.WriteAsIs("file_data", data);
    }
}
