using System.Buffers;
using System.Text.Json;

namespace MetaLlm.Providers.Json;

/// <summary>Edits members of a JSON object in place of re-serialising it: every other byte stays as it came.</summary>
internal static class JsonSplicer
{
    private readonly record struct Member(int NameStart, int ValueStart, int ValueEnd, int Edit);

    /// <summary>Copies an object with some of its own members (not those of nested objects) replaced, removed or added.</summary>
    /// <param name="json">A JSON object in UTF-8, whitespace around it allowed.</param>
    /// <param name="edits">The changes; names unique.</param>
    /// <param name="output">Receives the result.</param>
    /// <exception cref="JsonException">The text is no JSON object.</exception>
    public static void Edit(ReadOnlySpan<byte> json, ReadOnlySpan<JsonEdit> edits, IBufferWriter<byte> output)
    {
        var members = new List<Member>(16);
        var bodyStart = Scan(json, edits, members);
        var seen = edits.Length <= 64 ? stackalloc bool[64] : new bool[edits.Length];
        var wrote = false;
        output.Write(json[..(members.Count == 0 ? bodyStart : members[0].NameStart)]);
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            var edit = member.Edit < 0 ? default(JsonEdit?) : edits[member.Edit];
            if (member.Edit >= 0)
            {
                seen[member.Edit] = true;
            }

            if (edit is { Value: null })
            {
                continue;
            }

            if (wrote)
            {
                output.Write(json[members[i - 1].ValueEnd..member.NameStart]);
            }

            wrote = true;
            if (edit is { NewName: { } name })
            {
                output.Write(JsonSerializer.SerializeToUtf8Bytes(name));
                output.Write(":"u8);
            }
            else
            {
                output.Write(json[member.NameStart..member.ValueStart]);
            }

            output.Write(edit is { Value: { } value } ? value.Span : json[member.ValueStart..member.ValueEnd]);
        }

        for (var i = 0; i < edits.Length; i++)
        {
            if (edits[i] is { AddIfMissing: true, Value: { } value } && !seen[i])
            {
                output.Write(wrote ? ","u8 : []);
                output.Write(JsonSerializer.SerializeToUtf8Bytes(edits[i].Name));
                output.Write(":"u8);
                output.Write(value.Span);
                wrote = true;
            }
        }

        output.Write(json[(members.Count == 0 ? bodyStart : members[^1].ValueEnd)..]);
    }

    private static int Scan(ReadOnlySpan<byte> json, ReadOnlySpan<JsonEdit> edits, List<Member> members)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A JSON object was expected.");
        }

        var bodyStart = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var nameStart = (int)reader.TokenStartIndex;
            var edit = -1;
            for (var i = 0; i < edits.Length && edit < 0; i++)
            {
                edit = reader.ValueTextEquals(edits[i].Name) ? i : -1;
            }

            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new Member(nameStart, valueStart, (int)reader.BytesConsumed, edit));
        }

        // Whatever follows the object must be white space; the reader throws otherwise.
        while (reader.Read())
        {
        }

        return bodyStart;
    }
}
