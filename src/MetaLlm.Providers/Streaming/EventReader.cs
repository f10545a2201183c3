using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Streaming;

/// <summary>Cuts a stream of server-sent events at its blank lines and keeps every byte, comments included.</summary>
/// <remarks>Lines end with LF or CR LF. One reader at a time.</remarks>
/// <param name="stream">The body.</param>
internal sealed class EventReader(Stream stream)
{
    /// <summary>Longest event, bytes; a longer one is no chat answer.</summary>
    public const int MaxEventBytes = 8 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>Reads the next event with the blank line that ends it.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The bytes, valid until the next call; a last event may lack its blank line; null at the end of the stream.</returns>
    /// <exception cref="ChatProviderException">The event is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = FindEnd();
            if (length > 0)
            {
                return Take(length);
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                // Spelled out: in a conditional expression the null would become an empty memory.
                ReadOnlyMemory<byte>? rest = null;
                if (_end > _start)
                {
                    rest = Take(_end - _start);
                }

                return rest;
            }

            _end += read;
        }
    }

    /// <summary>Length of the event at the start of the buffer, 0 while its end is not there.</summary>
    private int FindEnd()
    {
        var from = Math.Max(_start, _scanned - 2);
        while (true)
        {
            var offset = _buffer.AsSpan(from, _end - from).IndexOf((byte)'\n');
            if (offset < 0)
            {
                _scanned = _end;
                return 0;
            }

            var next = from + offset + 1;
            if (next < _end && _buffer[next] == '\n')
            {
                return next + 1 - _start;
            }

            if (next + 1 < _end && _buffer[next] == '\r' && _buffer[next + 1] == '\n')
            {
                return next + 2 - _start;
            }

            from = next;
        }
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        var taken = _buffer.AsMemory(_start, length);
        _start += length;
        _scanned = _start;
        return taken;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaxEventBytes)
            {
                throw new ChatProviderException(ChatFailure.BadAnswer, $"An event of the stream is longer than {MaxEventBytes} bytes.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
