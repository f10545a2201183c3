using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Documents: a PDF becomes a part of the type <c>file</c>, and a document of plain text a part of text, which every model reads.</summary>
internal static class MessagesDocument
{
    /// <summary>Writes a part; its object stays open.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="block">The document.</param>
    /// <param name="needs">Takes notes of what only Anthropic's format has.</param>
    /// <exception cref="ApiException">It holds what chat has no form for.</exception>
    public static void Write(Utf8JsonWriter writer, JsonObjectReader block, NativeNeeds needs)
    {
        needs.Unknown(block, "type", "source", "title", "context", "citations", "cache_control");
        if (block.Object("citations")?.Flag("enabled") == true)
        {
            needs.Add(block.Field("citations.enabled"), "is true; models behind other formats give no citations.");
        }

        var source = block.RequiredObject("source");
        var type = source.RequiredText("type", 32);
        if (type == "text")
        {
            WriteText(writer, block, source);
            return;
        }

        if (type is not ("base64" or "url"))
        {
            throw ApiException.BadField(source.Field("type"), $"is '{type}'; it must be one of base64, text, url.");
        }

        if (block.Find("context") is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.Copy("text", block.RequiredString("context"));
            writer.WriteEndObject();
        }

        writer.WriteStartObject();
        writer.WriteString("type", "file");
        writer.WriteStartObject("file");
        writer.WriteString("filename", block.Text("title", 1024) ?? "document.pdf");
        if (type == "base64")
        {
            writer.WriteDataUrl("file_data", ChatWriter.MediaType(source, "media_type"), source.RequiredString("data"));
        }
        else
        {
            writer.Copy("file_data", source.RequiredString("url"));
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, JsonObjectReader block, JsonObjectReader source)
    {
        var lines = new List<string>(3);
        if (block.Find("title") is not null)
        {
            lines.Add(block.RequiredString("title").GetString()!);
        }

        if (block.Find("context") is not null)
        {
            lines.Add(block.RequiredString("context").GetString()!);
        }

        lines.Add(source.RequiredString("data").GetString()!);
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", string.Join('\n', lines));
    }
}
