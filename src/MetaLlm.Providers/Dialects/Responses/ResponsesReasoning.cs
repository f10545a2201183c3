using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>
/// Items of reasoning in details of chat messages. What was encrypted goes back under the id of its item, to which it is bound. In between the data name that id, since other formats keep
/// nothing of a detail but its data. Summaries stay behind.
/// </summary>
internal static class ResponsesReasoning
{
    /// <summary>What such details call their format.</summary>
    public const string Format = "openai-responses-v1";

    private const string Family = "openai-responses";
    private const string Seal = Format + "|";

    /// <summary>An item of reasoning.</summary>
    /// <param name="Id">Its id; empty where nobody kept it.</param>
    /// <param name="Data">What was thought, encrypted.</param>
    public readonly record struct Thought(string Id, string Data);

    /// <summary>Whether a detail holds such data, whatever it calls its format.</summary>
    public static bool IsSealed(JsonElement detail) =>
        detail.Says("data", out var data) && data.ValueKind == JsonValueKind.String && data.GetString()!.StartsWith(Seal, StringComparison.Ordinal);

    /// <summary>The items of an assistant's message.</summary>
    public static IEnumerable<Thought> Of(JsonElement message)
    {
        if (!message.Says("reasoning_details", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var detail in details.EnumerateArray())
        {
            if (IsSealed(detail))
            {
                var packed = detail.GetProperty("data").GetString()!;
                var end = packed.LastIndexOf('|');
                yield return new Thought(end < Seal.Length ? string.Empty : packed[Seal.Length..end], packed[(end + 1)..]);
            }
            else if (IsBare(detail, out var data))
            {
                yield return new Thought(detail.Says("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : string.Empty, data.GetString()!);
            }
        }
    }

    /// <summary>Writes a detail of what is in the open.</summary>
    /// <param name="json">Receives it, within a list.</param>
    /// <param name="index">Number of the item among those of reasoning.</param>
    /// <param name="type">What it is.</param>
    /// <param name="member">The member that holds it.</param>
    /// <param name="text">What it says.</param>
    public static void WriteOpen(Utf8JsonWriter json, int index, string type, string member, JsonElement text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteAsIs(member, text);
        End(json, index);
    }

    /// <summary>Writes a detail of what is encrypted; nothing where nothing is.</summary>
    /// <param name="json">Receives it, within a list.</param>
    /// <param name="index">Number of the item among those of reasoning.</param>
    /// <param name="item">The item.</param>
    public static void WriteEncrypted(Utf8JsonWriter json, int index, JsonElement item)
    {
        if (JsonTexts.Read(item, "encrypted_content") is not { Length: > 0 } data)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "reasoning.encrypted");
        json.WriteString("data", $"{Seal}{JsonTexts.Read(item, "id")}|{data}");
        End(json, index);
    }

    private static void End(Utf8JsonWriter json, int index)
    {
        json.WriteString("format", Format);
        json.WriteNumber("index", index);
        json.WriteEndObject();
    }

    /// <summary>Whether a client tells an item as it is, beside its id.</summary>
    private static bool IsBare(JsonElement detail, out JsonElement data)
    {
        data = default;
        return detail.Says("format", out var format) && format.ValueKind == JsonValueKind.String && format.GetString()!.StartsWith(Family, StringComparison.Ordinal)
            && detail.Says("data", out data) && data.IsFilledText();
    }
}
