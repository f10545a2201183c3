using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;

namespace MetaLlm.Providers.Dialects;

/// <summary>Server-sent events of another format, each of which becomes none, one or several chunks.</summary>
/// <param name="stream">The body.</param>
/// <param name="created">When the answer was made.</param>
internal abstract class TranslatedEvents(Stream stream, DateTimeOffset created) : IEventSource
{
    private readonly EventReader _reader = new(stream);
    private readonly ArrayBufferWriter<byte> _joined = new();
    private readonly EventQueue _events = new();

    /// <summary>Writes chunks.</summary>
    protected ChatWriter Chat { get; } = new(created);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (_events.IsEmpty)
        {
            if (await _reader.NextAsync(cancellationToken).ConfigureAwait(false) is not { } bytes)
            {
                return null;
            }

            Read(bytes);
        }

        return _events.Take();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        Chat.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads one event and hands on what becomes of it.</summary>
    /// <param name="data">Its data, a JSON object whose names are text.</param>
    protected abstract void Read(JsonElement data);

    /// <summary>Hands on an event.</summary>
    /// <param name="data">Its data, one line.</param>
    protected void Emit(ReadOnlySpan<byte> data) => _events.Add(data);

    /// <summary>Hands on a sign of life.</summary>
    protected void EmitComment() => _events.AddComment();

    private void Read(ReadOnlyMemory<byte> bytes)
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

        try
        {
            MemberNames.ThrowIfNotText(payload.Span);
            using var document = JsonDocument.Parse(payload);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException($"A JSON object was expected, not {document.RootElement.ValueKind}.");
            }

            Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "An event of the stream is no JSON object.", e);
        }
    }
}
