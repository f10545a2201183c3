using System.Buffers;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Streaming;

/// <summary>Cuts a stream of server-sent events at its blank lines and keeps every byte of them, comments included.</summary>
/// <remarks>Lines end with LF, CR LF or CR. A byte order mark before the first event and blank lines between events are left out. One reader at a time.</remarks>
/// <param name="stream">The body.</param>
internal sealed class EventReader(Stream stream) : IEventSource, IDisposable
{
    /// <summary>Longest event, bytes; a longer one is no chat answer.</summary>
    public const int MaxEventBytes = 8 * 1024 * 1024;

    private const int OrdinaryBytes = 16 * 1024;
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(OrdinaryBytes);
    private int _start;
    private int _line;
    private int _scanned;
    private int _end;
    private bool _begun;
    private bool _endsWithCr;
    private bool _reading;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        while (true)
        {
            var length = Begin(isEnd: false) ? FindEnd() : 0;
            if (length > 0)
            {
                return Take(length);
            }

            MakeRoom();

            // A read that fails may still write: the buffer is then nobody's but its own.
            _reading = true;
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _reading = false;
            if (read == 0)
            {
                // Spelled out: in a conditional expression the null would become an empty memory.
                ReadOnlyMemory<byte>? rest = null;
                Begin(isEnd: true);
                if (_end > _start)
                {
                    rest = Take(_end - _start);
                }

                return rest;
            }

            _end += read;
        }
    }

    /// <summary>Gives the buffer back. Bytes that were handed out are no longer valid.</summary>
    public void Dispose()
    {
        if (_buffer is { } buffer && !_reading)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffer = null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Skips a byte order mark; false while there may be more of one to come.</summary>
    private bool Begin(bool isEnd)
    {
        if (_begun)
        {
            return true;
        }

        var common = ByteOrderMark.AsSpan().CommonPrefixLength(_buffer.AsSpan(_start, _end - _start));
        if (common < ByteOrderMark.Length && common == _end - _start && !isEnd)
        {
            return false;
        }

        _begun = true;
        _start = _line = _scanned = common == ByteOrderMark.Length ? _start + common : _start;
        return true;
    }

    /// <summary>Length of the event at the start of the buffer, 0 while its end is not there.</summary>
    private int FindEnd()
    {
        while (true)
        {
            var offset = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
            if (offset < 0)
            {
                _scanned = _end;
                return 0;
            }

            var at = _scanned + offset;
            var next = at + 1;
            if (_buffer![at] == '\r')
            {
                if (next == _end && !_endsWithCr)
                {
                    // The LF that belongs to it may be on its way.
                    _scanned = at;
                    return 0;
                }

                _endsWithCr |= next < _end && _buffer[next] != '\n';
                next += next < _end && _buffer[next] == '\n' ? 1 : 0;
            }

            var isBlank = at == _line;
            _line = _scanned = next;
            if (isBlank && at > _start)
            {
                return next - _start;
            }

            if (isBlank)
            {
                _start = next;
            }
        }
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        var taken = _buffer.AsMemory(_start, length);
        _start += length;
        _line = _scanned = _start;
        return taken;
    }

    private void MakeRoom()
    {
        var kept = _buffer.AsSpan(_start, _end - _start);
        if (kept.Length >= MaxEventBytes)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, $"An event of the stream is longer than {MaxEventBytes} bytes.");
        }

        var needed = kept.Length == _buffer!.Length ? _buffer.Length * 2 : kept.IsEmpty ? OrdinaryBytes : 0;
        if (needed > _buffer.Length || (needed > 0 && _buffer.Length > 4 * OrdinaryBytes))
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            kept.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            kept.CopyTo(_buffer);
        }

        _end -= _start;
        _line -= _start;
        _scanned -= _start;
        _start = 0;
    }
}
