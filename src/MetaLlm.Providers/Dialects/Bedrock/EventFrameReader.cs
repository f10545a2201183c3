using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>
/// Reads an event stream of Amazon's (<c>application/vnd.amazon.eventstream</c>): messages of a prelude (length of all, length of the headers, checksum of both),
/// headers, a payload and a checksum of all. One reader at a time.
/// </summary>
/// <param name="stream">The body.</param>
internal sealed class EventFrameReader(Stream stream)
{
    /// <summary>Longest message, bytes; a longer one is no chat answer.</summary>
    private const int MostBytes = 8 * 1024 * 1024;

    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;

    private byte[] _buffer = new byte[4096];

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The message; null at the end of the stream.</returns>
    /// <exception cref="ChatProviderException">The stream is none, is damaged, or ends within a message.</exception>
    public async ValueTask<EventFrame?> NextAsync(CancellationToken cancellationToken)
    {
        var first = await stream.ReadAtLeastAsync(_buffer.AsMemory(0, PreludeBytes), PreludeBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (first == 0)
        {
            return null;
        }

        var (total, headers) = first == PreludeBytes ? ReadPrelude(_buffer.AsSpan(0, PreludeBytes)) : throw Failure("ends within a message");
        if (total > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(MostBytes, Math.Max(total, 2 * _buffer.Length)));
        }

        var rest = total - PreludeBytes;
        if (await stream.ReadAtLeastAsync(_buffer.AsMemory(PreludeBytes, rest), rest, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < rest)
        {
            throw Failure("ends within a message");
        }

        var body = total - ChecksumBytes;
        return Crc32.HashToUInt32(_buffer.AsSpan(0, body)) == BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(body))
            ? Read(_buffer.AsMemory(PreludeBytes, headers), _buffer.AsMemory(PreludeBytes + headers, body - PreludeBytes - headers))
            : throw Failure("has a message whose checksum is wrong");
    }

    private static (int Total, int Headers) ReadPrelude(ReadOnlySpan<byte> prelude)
    {
        if (Crc32.HashToUInt32(prelude[..8]) != BinaryPrimitives.ReadUInt32BigEndian(prelude[8..]))
        {
            throw Failure("has a prelude whose checksum is wrong");
        }

        var total = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        return total <= MostBytes && headers <= total && total - headers >= PreludeBytes + ChecksumBytes
            ? ((int)total, (int)headers)
            : throw Failure($"has a message of {total} bytes with {headers} bytes of headers; {MostBytes} are the most");
    }

    private static EventFrame Read(ReadOnlyMemory<byte> headers, ReadOnlyMemory<byte> payload)
    {
        string? kind = null, name = null;
        for (var rest = headers.Span; rest.Length > 0;)
        {
            var key = Encoding.UTF8.GetString(Take(ref rest, Take(ref rest, 1)[0]));
            var value = TakeValue(ref rest);
            if (key == ":message-type")
            {
                kind = Encoding.UTF8.GetString(value);
            }
            else if (key is ":event-type" or ":exception-type" or ":error-code")
            {
                name = Encoding.UTF8.GetString(value);
            }
        }

        return new EventFrame(kind ?? "event", name ?? string.Empty, payload);
    }

    /// <summary>A header's value: booleans, whole numbers of four sizes, bytes, a text, a time, a UUID.</summary>
    private static ReadOnlySpan<byte> TakeValue(ref ReadOnlySpan<byte> rest)
    {
        var length = Take(ref rest, 1)[0] switch
        {
            0 or 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8,
            6 or 7 => BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)),
            9 => 16,
            var type => throw Failure($"has a header of type {type}, which the format does not know"),
        };
        return Take(ref rest, length);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        if (length > rest.Length)
        {
            throw Failure("has a header that is longer than the headers");
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static ChatProviderException Failure(string what) => new(ChatFailure.BadAnswer, $"The event stream {what}.");
}
