using System.Buffers;

namespace MetaLlm.Providers.Streaming;

/// <summary>What a server-sent event says.</summary>
/// <param name="Start">Offset of the first byte of the last line of data.</param>
/// <param name="Length">Its length, line end excluded.</param>
/// <param name="Lines">Lines of data in the event; chat answers have one, comments have none.</param>
/// <param name="IsError">Whether it calls itself an error.</param>
/// <param name="IsWhole">Whether it can be handed on as it came: it ends with a blank line, and its lines end as every client knows them.</param>
internal readonly record struct EventData(int Start, int Length, int Lines, bool IsError, bool IsWhole)
{
    public static EventData Find(ReadOnlySpan<byte> bytes)
    {
        var found = new EventData(0, 0, 0, false, bytes.EndsWith("\n\n"u8) || bytes.EndsWith("\n\r\n"u8));
        for (var line = 0; line < bytes.Length;)
        {
            var (text, next, isUsual) = Line(bytes, line);
            if (!isUsual)
            {
                found = found with { IsWhole = false };
            }

            if (IsData(bytes.Slice(line, text)))
            {
                var start = DataStart(bytes.Slice(line, text));
                found = found with { Start = line + start, Length = text - start, Lines = found.Lines + 1 };
            }
            else if (bytes.Slice(line, text).StartsWith("event:"u8))
            {
                found = found with { IsError = bytes.Slice(line + 6, text - 6).Trim((byte)' ').SequenceEqual("error"u8) };
            }

            line = next;
        }

        return found;
    }

    /// <summary>The lines of data one after another, with a space between them: where JSON may have a line end, it may have a space.</summary>
    public static void Join(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var isFirst = true;
        for (var line = 0; line < bytes.Length;)
        {
            var (text, next, _) = Line(bytes, line);
            if (IsData(bytes.Slice(line, text)))
            {
                output.Write(isFirst ? [] : " "u8);
                output.Write(bytes.Slice(line, text)[DataStart(bytes.Slice(line, text))..]);
                isFirst = false;
            }

            line = next;
        }
    }

    private static (int Length, int Next, bool IsUsual) Line(ReadOnlySpan<byte> bytes, int line)
    {
        var length = bytes[line..].IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0)
        {
            return (bytes.Length - line, bytes.Length, true);
        }

        var end = line + length;
        var isPair = bytes[end] == '\r' && end + 1 < bytes.Length && bytes[end + 1] == '\n';
        return (length, end + (isPair ? 2 : 1), isPair || bytes[end] == '\n');
    }

    private static bool IsData(ReadOnlySpan<byte> line) => line.StartsWith("data:"u8) || line.SequenceEqual("data"u8);

    private static int DataStart(ReadOnlySpan<byte> line) => line.Length > 5 && line[5] == ' ' ? 6 : Math.Min(5, line.Length);
}
