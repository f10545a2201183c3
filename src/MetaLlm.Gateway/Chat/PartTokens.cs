using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>Tokens of the parts of a message that are not its text, estimated. Providers differ; what a model really counts is learned per arm.</summary>
internal static class PartTokens
{
    // OpenAI's rule for images: a base, and as much for each square that the image covers once it is scaled down to fit.
    private const double PerImage = 85;
    private const double PerTile = 170;
    private const double Tile = 512;
    private const double LongestSide = 2048;
    private const double ShorterSide = 768;

    // What lies elsewhere is not fetched: an image of four squares, a clip of half a minute, a document of a few pages.
    private const double UnseenImage = PerImage + (4 * PerTile);
    private const double Video = 8000;
    private const double UnseenFile = 2000;

    private const double AudioPerSecond = 10;
    private const double WavBytesPerSecond = 48_000;
    private const double PackedBytesPerSecond = 16_000;

    // A page of a document takes about 50 KB, and its text and its picture together about 1,250 tokens.
    private const double DocumentBytesPerToken = 40;

    // Where a JPEG's size stands behind more than this, it is taken for an unseen image.
    private const int LongestHead = 64 * 1024;
    private const int WavHead = 33;
    private const int WavRate = 28;

    // Text of an unknown part counts; what looks like data in base64 does not, being no text to a model.
    private const int EncodedLength = 512;

    /// <summary>Tokens of a part.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="part">The part; whatever its shape, it is counted and not judged.</param>
    public static double Of(string type, JsonObjectReader part) => type switch
    {
        "text" => 0,
        "image_url" or "input_image" => Image(part.Find("image_url"), part),
        "input_audio" => Audio(part.Find("input_audio")),
        "file" or "input_file" => File(part.Find("file") ?? part.Element),
        "video_url" or "input_video" => Video,
        _ => Texts(part.Element),
    };

    private static double Image(JsonElement? image, JsonObjectReader part)
    {
        var url = image is { ValueKind: JsonValueKind.Object } inner ? MessageTokens.Member(inner, "url") : image;
        var detail = image is { ValueKind: JsonValueKind.Object } holder ? MessageTokens.Member(holder, "detail") : part.Find("detail");
        if (detail is { ValueKind: JsonValueKind.String } asked && asked.ValueEquals("low"))
        {
            return PerImage;
        }

        return url is { ValueKind: JsonValueKind.String } text && DataUrl.TryRead(JsonMarshal.GetRawUtf8Value(text), out var data) && Size(data) is { } size
            ? PerImage + (PerTile * Tiles(size))
            : UnseenImage;
    }

    private static ImageSize? Size(DataUrl data)
    {
        Span<byte> head = stackalloc byte[48];
        var size = ImageSize.Read(head[..data.Head(head)]);
        if (size is not null || head[0] != 0xff)
        {
            return size;
        }

        var longer = ArrayPool<byte>.Shared.Rent(LongestHead);
        try
        {
            return ImageSize.Read(longer.AsSpan(0, data.Head(longer.AsSpan(0, LongestHead))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(longer);
        }
    }

    private static double Tiles(ImageSize size)
    {
        var (longer, shorter) = ((double)Math.Max(size.Width, size.Height), (double)Math.Min(size.Width, size.Height));
        var scale = Math.Min(1, LongestSide / longer);
        scale *= Math.Min(1, ShorterSide / (scale * shorter));
        return Math.Ceiling(scale * longer / Tile) * Math.Ceiling(scale * shorter / Tile);
    }

    private static double Audio(JsonElement? audio)
    {
        if (audio is not { ValueKind: JsonValueKind.Object } held || MessageTokens.Member(held, "data") is not { ValueKind: JsonValueKind.String } text)
        {
            return 0;
        }

        var json = JsonMarshal.GetRawUtf8Value(text);
        var data = DataUrl.TryRead(json, out var url) ? url : DataUrl.Bare(json);
        Span<byte> head = stackalloc byte[WavHead];
        var bytesPerSecond = data.Head(head) == WavHead && head.StartsWith("RIFF"u8) ? Math.Max(1, BinaryPrimitives.ReadUInt32LittleEndian(head[WavRate..]))
            : MessageTokens.Member(held, "format") is { ValueKind: JsonValueKind.String } format && (format.ValueEquals("wav") || format.ValueEquals("pcm16"))
                ? WavBytesPerSecond
                : PackedBytesPerSecond;
        return AudioPerSecond * data.Length / bytesPerSecond;
    }

    private static double File(JsonElement file)
    {
        if (MessageTokens.Member(file, "file_data") is not { ValueKind: JsonValueKind.String } text)
        {
            return UnseenFile;
        }

        var json = JsonMarshal.GetRawUtf8Value(text);
        var isUrl = DataUrl.TryRead(json, out var url);
        var data = isUrl ? url : DataUrl.Bare(json);
        return isUrl && (url.MediaType.StartsWith("text/"u8) || url.MediaType.SequenceEqual("application/json"u8))
            ? TokenEstimate.FromCharacters(data.Length)
            : data.Length / DocumentBytesPerToken;
    }

    private static double Texts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var json = JsonMarshal.GetRawUtf8Value(value);
                return json.Length > EncodedLength && json[..EncodedLength].IndexOfAny(" \\"u8) < 0 && !ContainsOtherThanAscii(json[..EncodedLength]) ? 0 : TokenEstimate.FromJson(json);
            case JsonValueKind.Object:
                var members = 0.0;
                foreach (var member in value.EnumerateObject())
                {
                    members += member.NameEquals("type"u8) ? 0 : Texts(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                var items = 0.0;
                foreach (var item in value.EnumerateArray())
                {
                    items += Texts(item);
                }

                return items;
            default:
                return 0;
        }
    }

    private static bool ContainsOtherThanAscii(ReadOnlySpan<byte> text) => text.ContainsAnyExceptInRange((byte)0, (byte)127);
}
