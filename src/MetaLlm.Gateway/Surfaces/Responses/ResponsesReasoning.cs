using System.Text;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>
/// Items of reasoning. Their format has one text of encrypted content where chat has a list of blocks with signatures and data. So the list goes into that text whole, which nobody but us
/// reads. Encrypted content from elsewhere becomes one block.
/// </summary>
internal static class ResponsesReasoning
{
    private const string Mark = "metallm.reasoning.1.";

    /// <summary>Blocks of <c>reasoning_details</c> as encrypted content.</summary>
    /// <param name="details">The list, JSON.</param>
    public static string Seal(ReadOnlySpan<byte> details) => Mark + Convert.ToBase64String(details);

    /// <summary>Whether encrypted content is ours, which nobody else can read.</summary>
    public static bool IsSealed(JsonElement content) => content.GetString()!.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>Writes <c>reasoning_details</c> and <c>reasoning_content</c> of items.</summary>
    /// <exception cref="ApiException">An item is illegal.</exception>
    public static void Write(Utf8JsonWriter writer, List<JsonObjectReader> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        writer.WriteStartArray("reasoning_details");
        foreach (var item in items)
        {
            Write(writer, item, text);
        }

        writer.WriteEndArray();
        if (text.Length > 0)
        {
            writer.WriteString("reasoning_content", text.ToString());
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonObjectReader item, StringBuilder text)
    {
        var summaries = Texts(item, "summary");
        var contents = Texts(item, "content");
        text.AppendJoin('\n', contents.Count > 0 ? contents : summaries);
        var content = item.Find("encrypted_content") is null ? null : item.RequiredString("encrypted_content").GetString();
        if (content is not null && content.StartsWith(Mark, StringComparison.Ordinal))
        {
            using var details = Open(item, content);
            foreach (var detail in details.RootElement.EnumerateArray())
            {
                writer.Copy(detail);
            }

            return;
        }

        foreach (var summary in summaries)
        {
            WriteText(writer, ReasoningDetails.Summary, "summary", summary);
        }

        foreach (var said in contents)
        {
            WriteText(writer, ReasoningDetails.Text, "text", said);
        }

        if (content is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("type", ReasoningDetails.Encrypted);
            writer.WriteString("data", content);
            WriteId(writer, item);
            writer.WriteString("format", ReasoningDetails.Responses);
            writer.WriteEndObject();
        }
    }

    private static void WriteId(Utf8JsonWriter writer, JsonObjectReader item)
    {
        if (item.Find("id") is { ValueKind: JsonValueKind.String } id)
        {
            writer.WriteString("id", NativeItems.UpstreamIdOf(id.GetString()!) ?? id.GetString());
        }
    }

    private static JsonDocument Open(JsonObjectReader item, string content)
    {
        var json = new byte[content.Length];
        if (Convert.TryFromBase64Chars(content.AsSpan(Mark.Length), json, out var length))
        {
            var details = RequestBodyReader.Parse(json.AsMemory(0, length), item.Field("encrypted_content"));
            if (details.RootElement.ValueKind == JsonValueKind.Array)
            {
                RequestBodyReader.RequireTexts(json.AsSpan(0, length));
                return details;
            }

            details.Dispose();
        }

        throw ApiException.BadField(item.Field("encrypted_content"), "was changed; it must go back as it came.");
    }

    private static void WriteText(Utf8JsonWriter writer, string type, string member, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString(member, text);
        writer.WriteEndObject();
    }

    private static List<string> Texts(JsonObjectReader item, string name)
    {
        var texts = new List<string>();
        if (item.List(name) is { } list)
        {
            var index = 0;
            foreach (var part in list.EnumerateArray())
            {
                texts.Add(new JsonObjectReader(part, $"{item.Field(name)}[{index++}]").RequiredString("text").GetString()!);
            }
        }

        return texts;
    }
}
