using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;

namespace MetaLlm.Providers.Json;

/// <summary>Leaves out reasoning that another model has signed or encrypted: no other model can read it, and many refuse a request that has it.</summary>
internal static class ForeignReasoning
{
    /// <summary>The member of an assistant's message that holds it.</summary>
    public const string Member = "reasoning_details";

    /// <summary>Adds the edit of the messages, where there is something to leave out.</summary>
    /// <returns>Whether there was.</returns>
    public static bool Withhold(ChatCall call, List<JsonEdit> edits)
    {
        if (!ChatExtensions.Has(call.Body.Span, Member) || edits.Exists(edit => edit.Name == "messages"))
        {
            return false;
        }

        using var document = JsonDocument.Parse(call.Body);
        if (!document.RootElement.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var (closed, found, index) = (call.Withheld == WithheldReasoning.All ? int.MaxValue : ClosedBefore(messages), false, 0);
        var output = new ArrayBufferWriter<byte>(call.Body.Length);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartArray();
            foreach (var message in messages.EnumerateArray())
            {
                found |= Write(json, message, isClosed: index++ < closed);
            }

            json.WriteEndArray();
        }

        if (found)
        {
            edits.Add(new("messages", output.WrittenMemory));
        }

        return found;
    }

    /// <summary>Place of the last question: what stands before it is closed. A user who speaks beside a tool's result asks nothing new.</summary>
    private static int ClosedBefore(JsonElement messages)
    {
        var (place, index, afterResult) = (0, 0, false);
        foreach (var message in messages.EnumerateArray())
        {
            if (message.Says("role", out var role))
            {
                place = role.IsText("user"u8) && !afterResult ? index : place;
                afterResult = role.IsText("tool"u8) || role.IsText("function"u8) || (afterResult && role.IsText("user"u8));
            }

            index++;
        }

        return place;
    }

    private static bool Write(Utf8JsonWriter json, JsonElement message, bool isClosed)
    {
        if (!isClosed || !message.Says(Member, out var details) || details.ValueKind != JsonValueKind.Array)
        {
            json.WriteAsIs(message);
            return false;
        }

        var found = false;
        json.WriteStartObject();
        foreach (var member in message.EnumerateObject())
        {
            if (!member.NameEquals(Member))
            {
                json.WriteAsIs(member.Name, member.Value);
                continue;
            }

            json.WriteStartArray(Member);
            foreach (var detail in details.EnumerateArray())
            {
                if (IsBound(detail))
                {
                    found = true;
                }
                else
                {
                    json.WriteAsIs(detail);
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        return found;
    }

    private static bool IsBound(JsonElement detail) =>
        (detail.Says("signature", out var signature) && signature.IsFilledText()) || (detail.Says("data", out var data) && data.IsFilledText());
}
