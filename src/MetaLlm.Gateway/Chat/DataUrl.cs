using System.Buffers.Text;

namespace MetaLlm.Gateway.Chat;

/// <summary>Data that a request holds in base64, behind the <c>data:</c> of a URL or bare. It is never decoded beyond its head.</summary>
internal readonly ref struct DataUrl
{
    private const int LongestPrefix = 256;
    private readonly ReadOnlySpan<byte> _base64;

    private DataUrl(ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> base64)
    {
        MediaType = mediaType;
        _base64 = base64;
    }

    /// <summary>What it says it is; empty for bare data.</summary>
    public ReadOnlySpan<byte> MediaType { get; }

    /// <summary>Bytes that it stands for.</summary>
    public long Length => _base64.Length * 3L / 4;

    /// <summary>Reads a URL.</summary>
    /// <param name="json">A JSON text with its quotation marks.</param>
    /// <param name="url">What it holds.</param>
    /// <returns>Whether it holds data in base64 rather than an address.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out DataUrl url)
    {
        var text = json[1..^1];
        var head = text[..Math.Min(text.Length, LongestPrefix)];
        var comma = head.IndexOf(","u8);
        if (!head.StartsWith("data:"u8) || comma < 0 || !head[..comma].EndsWith(";base64"u8))
        {
            url = default;
            return false;
        }

        var mediaType = head["data:".Length..head.IndexOf(";"u8)];
        url = new DataUrl(mediaType, text[(comma + 1)..]);
        return true;
    }

    /// <summary>Reads data without a URL around it.</summary>
    /// <param name="json">A JSON text with its quotation marks.</param>
    public static DataUrl Bare(ReadOnlySpan<byte> json) => new([], json[1..^1]);

    /// <summary>Decodes the beginning.</summary>
    /// <param name="destination">Receives it.</param>
    /// <returns>How many bytes could be decoded; fewer than there is room for where the data end or are damaged.</returns>
    public int Head(Span<byte> destination)
    {
        Span<byte> digits = stackalloc byte[4];
        var (written, filled) = (0, 0);
        foreach (var digit in _base64)
        {
            // JSON may escape the slash, which is a digit here.
            if (digit == '\\')
            {
                continue;
            }

            digits[filled++] = digit;
            if (filled < digits.Length)
            {
                continue;
            }

            if (written + 3 > destination.Length || Base64.DecodeFromUtf8(digits, destination[written..], out _, out var bytes) != System.Buffers.OperationStatus.Done)
            {
                return written;
            }

            written += bytes;
            filled = 0;
        }

        return written;
    }
}
