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
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    private readonly EventReader _reader = new(stream);
    private readonly ArrayBufferWriter<byte> _joined = new();
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly Queue<(int Start, int Length)> _waiting = new();

    /// <summary>Writes chunks.</summary>
    protected ChatWriter Chat { get; } = new(created);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (_waiting.Count == 0)
        {
            _output.ResetWrittenCount();
            if (await _reader.NextAsync(cancellationToken).ConfigureAwait(false) is not { } bytes)
            {
                return null;
            }

            Read(bytes);
        }

        var (start, length) = _waiting.Dequeue();
        return _output.WrittenMemory.Slice(start, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        Chat.Dispose();
    }

    /// <summary>Reads one event and hands on what becomes of it.</summary>
    /// <param name="data">Its data, a JSON object whose names are text.</param>
    protected abstract void Read(JsonElement data);

    /// <summary>Hands on an event.</summary>
    /// <param name="data">Its data, one line.</param>
    protected void Emit(ReadOnlySpan<byte> data)
    {
        var start = _output.WrittenCount;
        _output.Write("data: "u8);
        _output.Write(data);
        _output.Write("\n\n"u8);
        _waiting.Enqueue((start, _output.WrittenCount - start));
    }

    /// <summary>Hands on a sign of life.</summary>
    protected void EmitComment()
    {
        var start = _output.WrittenCount;
        _output.Write(Comment);
        _waiting.Enqueue((start, Comment.Length));
    }

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
