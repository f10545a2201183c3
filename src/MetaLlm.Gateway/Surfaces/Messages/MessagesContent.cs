using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Blocks of text, images and documents as parts of a chat message. One text alone is a message's content itself, which every server takes.</summary>
internal static class MessagesContent
{
    /// <summary>Types of blocks in a system prompt.</summary>
    public static readonly string[] Texts = ["text"];

    /// <summary>Types of blocks in what a tool gave.</summary>
    public static readonly string[] OfTools = ["text", "image", "document"];

    /// <summary>Types of blocks in a turn of the user's, but for results of tools.</summary>
    public static readonly string[] All = ["text", "image", "document"];

    /// <summary>Writes the member <c>content</c>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="field">Name of the field, for errors.</param>
    /// <param name="content">A text, or a list of blocks.</param>
    /// <param name="legal">Types of blocks that may be in it.</param>
    /// <param name="needs">Takes notes of what only Anthropic's format has.</param>
    /// <param name="prefix">A text to begin with; null for none.</param>
    /// <exception cref="ApiException">It is neither, or a block is illegal.</exception>
    public static void Write(Utf8JsonWriter writer, string field, JsonElement content, string[] legal, NativeNeeds needs, string? prefix = null)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText(writer, "content", content, prefix);
            return;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadField(field, $"is {JsonObjectReader.Name(content)}; it must be a text or a list of blocks.");
        }

        Write(writer, [.. content.EnumerateArray().Select((element, index) => new JsonObjectReader(element, $"{field}[{index}]"))], legal, needs, prefix);
    }

    /// <summary>As above, from blocks.</summary>
    public static void Write(Utf8JsonWriter writer, List<JsonObjectReader> blocks, string[] legal, NativeNeeds needs, string? prefix = null)
    {
        if (blocks is [var only] && only.RequiredText("type", 64) == "text" && only.Find("cache_control") is null)
        {
            WriteText(writer, "content", Text(only, needs), prefix);
            return;
        }

        writer.WriteStartArray("content");
        if (prefix is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", prefix.TrimEnd());
            writer.WriteEndObject();
        }

        foreach (var block in blocks)
        {
            Write(writer, block, legal, needs);
        }

        writer.WriteEndArray();
    }

    /// <summary>The text of a block of text.</summary>
    /// <exception cref="ApiException">It holds what chat has no form for.</exception>
    public static JsonElement Text(JsonObjectReader block, NativeNeeds needs)
    {
        needs.Unknown(block, "type", "text", "cache_control", "citations");
        if (block.List("citations") is { } citations && citations.GetArrayLength() > 0)
        {
            needs.Add(block.Field("citations"), "is not empty; models behind other formats have no citations.");
        }

        return block.RequiredString("text");
    }

    private static void Write(Utf8JsonWriter writer, JsonObjectReader block, string[] legal, NativeNeeds needs)
    {
        var type = block.RequiredText("type", 64);
        if (!legal.Contains(type))
        {
            throw ApiException.BadField(block.Field("type"), $"is '{type}'; here it must be one of {string.Join(", ", legal)}.");
        }

        switch (type)
        {
            case "text":
                var text = Text(block, needs);
                writer.WriteStartObject();
                writer.WriteString("type", "text");
                writer.Copy("text", text);
                break;
            case "image":
                WriteImage(writer, block, needs);
                break;
            default:
                MessagesDocument.Write(writer, block, needs);
                break;
        }

        writer.Copy("cache_control", block.Find("cache_control"));
        writer.WriteEndObject();
    }

    // The object stays open for what every part may have.
    private static void WriteImage(Utf8JsonWriter writer, JsonObjectReader block, NativeNeeds needs)
    {
        needs.Unknown(block, "type", "source", "cache_control");
        var source = block.RequiredObject("source");
        writer.WriteStartObject();
        writer.WriteString("type", "image_url");
        writer.WriteStartObject("image_url");
        switch (source.RequiredText("type", 32))
        {
            case "base64":
                writer.WriteDataUrl("url", ChatWriter.MediaType(source, "media_type"), source.RequiredString("data"));
                break;
            case "url":
                writer.Copy("url", source.RequiredString("url"));
                break;
            case var other:
                throw ApiException.BadField(source.Field("type"), $"is '{other}'; it must be one of base64, url.");
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, JsonElement text, string? prefix)
    {
        if (prefix is null)
        {
            writer.Copy(name, text);
        }
        else
        {
            writer.WriteString(name, prefix + text.GetString());
        }
    }
}
