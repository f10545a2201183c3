using System.Buffers;
using System.Text.Json;
using MetaLlm.Providers.Streaming;

namespace MetaLlm.Providers.Dialects;

/// <summary>Server-sent events of another format.</summary>
/// <param name="stream">The body.</param>
/// <param name="created">When the answer was made.</param>
internal abstract class TranslatedEvents(Stream stream, DateTimeOffset created) : ChatEventSource(created)
{
    private readonly EventReader _reader = new(stream);
    private readonly ArrayBufferWriter<byte> _joined = new();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (await _reader.NextAsync(cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            return false;
        }

        Translate(bytes);
        return true;
    }

    /// <summary>Reads the next event as it comes; <see cref="Translate"/> says what becomes of it.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The bytes, valid until the next call; null at the end of the stream.</returns>
    public ValueTask<ReadOnlyMemory<byte>?> NextUntranslatedAsync(CancellationToken cancellationToken) => _reader.NextAsync(cancellationToken);

    /// <summary>Reads one event and hands on what becomes of it.</summary>
    /// <param name="data">Its data, a JSON object whose names are text.</param>
    protected abstract void Read(JsonElement data);

    /// <summary>Translates one event.</summary>
    /// <param name="bytes">The event with its line ends.</param>
    /// <exception cref="Engine.Ports.ChatProviderException">It is not what the protocol says.</exception>
    public void Translate(ReadOnlyMemory<byte> bytes)
    {
        var found = EventData.Find(bytes.Span);
        if (found.Lines == 0)
        {
            EmitComment();
            return;
        }

        var payload = bytes.Slice(found.Start, found.Length);
        if (found.Lines > 1)
        {
            _joined.ResetWrittenCount();
            EventData.Join(bytes.Span, _joined);
            payload = _joined.WrittenMemory;
        }

        ReadObject(payload, Read);
    }
}
