namespace MetaLlm.Providers.Streaming;

/// <summary>Where the data of a server-sent event lies.</summary>
/// <param name="Start">Offset of the first byte of the data.</param>
/// <param name="Length">Its length, line end excluded.</param>
/// <param name="Lines">Data lines in the event; chat answers have one, comments have none.</param>
internal readonly record struct EventData(int Start, int Length, int Lines)
{
    public static EventData Find(ReadOnlySpan<byte> bytes)
    {
        var found = default(EventData);
        var line = 0;
        while (line < bytes.Length)
        {
            var lineEnd = bytes[line..].IndexOf((byte)'\n');
            var next = lineEnd < 0 ? bytes.Length : line + lineEnd + 1;
            var text = bytes[line..next].TrimEnd("\r\n"u8);
            if (text.StartsWith("data:"u8))
            {
                var start = text.Length > 5 && text[5] == ' ' ? 6 : 5;
                found = new EventData(line + start, text.Length - start, found.Lines + 1);
            }

            line = next;
        }

        return found;
    }
}
