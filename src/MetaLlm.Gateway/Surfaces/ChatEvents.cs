namespace MetaLlm.Gateway.Surfaces;

/// <summary>Server-sent events of a chat completion, which have one line of data each.</summary>
internal static class ChatEvents
{
    /// <summary>Takes the next line of data.</summary>
    /// <param name="events">Events; what was read is taken off.</param>
    /// <param name="data">What the line says.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryNext(ref ReadOnlyMemory<byte> events, out ReadOnlyMemory<byte> data)
    {
        while (!events.IsEmpty)
        {
            var end = events.Span.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? events : events[..end];
            events = end < 0 ? default : events[(end + 1)..];
            if (line.Span.StartsWith("data:"u8))
            {
                data = line["data:".Length..].Trim((byte)' ');
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>The lines of data that hold an object.</summary>
    /// <param name="events">Events.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Objects(ReadOnlyMemory<byte> events)
    {
        while (TryNext(ref events, out var data))
        {
            if (IsObject(data))
            {
                yield return data;
            }
        }
    }

    /// <summary>Whether a line of data holds an object, rather than a mark.</summary>
    public static bool IsObject(ReadOnlyMemory<byte> data) => !data.IsEmpty && data.Span[0] == (byte)'{';

    /// <summary>Whether a line of data is the mark that ends a whole answer.</summary>
    public static bool IsEnd(ReadOnlyMemory<byte> data) => data.Span.SequenceEqual("[DONE]"u8);
}
