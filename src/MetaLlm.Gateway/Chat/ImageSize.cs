using System.Buffers.Binary;

namespace MetaLlm.Gateway.Chat;

/// <summary>Width and height as the head of an image file states them: PNG, GIF, WebP and JPEG.</summary>
/// <param name="Width">Pixels, at least 1.</param>
/// <param name="Height">Pixels, at least 1.</param>
internal readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Reads the size.</summary>
    /// <param name="head">The first bytes of the file; 30 do for all but JPEG, whose size stands behind what the camera wrote.</param>
    /// <returns>The size; null when the bytes do not say.</returns>
    public static ImageSize? Read(ReadOnlySpan<byte> head)
    {
        var size = IsPng(head) ? Png(head)
            : head.StartsWith("GIF8"u8) && head.Length >= 10 ? new ImageSize(Little(head[6..]), Little(head[8..]))
            : head.StartsWith("RIFF"u8) && head.Length >= 30 && head[8..].StartsWith("WEBP"u8) ? WebP(head[12..])
            : head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8]) ? Jpeg(head)
            : null;
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    private static ImageSize? Jpeg(ReadOnlySpan<byte> head)
    {
        var at = 2;
        while (at + 9 < head.Length && head[at] == 0xff)
        {
            var marker = head[at + 1];
            if (marker == 0xff)
            {
                at++;
                continue;
            }

            // Frames of every kind of coding; between them lie the tables of Huffman, arithmetic coding and extensions.
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                return new ImageSize(Big(head[(at + 7)..]), Big(head[(at + 5)..]));
            }

            at += 2 + Big(head[(at + 2)..]);
        }

        return null;
    }

    private static ImageSize? WebP(ReadOnlySpan<byte> chunk)
    {
        if (chunk.StartsWith("VP8X"u8))
        {
            return new ImageSize(1 + Little24(chunk[12..]), 1 + Little24(chunk[15..]));
        }

        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
            return new ImageSize((int)(bits & 0x3fff) + 1, (int)((bits >> 14) & 0x3fff) + 1);
        }

        return chunk.StartsWith("VP8 "u8) ? new ImageSize(Little(chunk[14..]) & 0x3fff, Little(chunk[16..]) & 0x3fff) : null;
    }

    private static bool IsPng(ReadOnlySpan<byte> head) => head.Length >= 24 && head[0] == 0x89 && head[1..].StartsWith("PNG"u8);

    private static ImageSize? Png(ReadOnlySpan<byte> head)
    {
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]));
        return width <= int.MaxValue && height <= int.MaxValue ? new ImageSize((int)width, (int)height) : null;
    }

    private static int Big(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static int Little(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int Little24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
