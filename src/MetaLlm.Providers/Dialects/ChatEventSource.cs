using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;

namespace MetaLlm.Providers.Dialects;

/// <summary>A streamed answer of another format. Each of its pieces becomes none, one or several chunks.</summary>
/// <param name="created">When the answer was made.</param>
internal abstract class ChatEventSource(DateTimeOffset created) : IEventSource
{
    private readonly EventQueue _events = new();
    private bool _hasEnded;

    /// <summary>Writes chunks.</summary>
    protected CompletionWriter Chat { get; } = new(created);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (_events.IsEmpty)
        {
            if (_hasEnded)
            {
                return null;
            }

            if (!await ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                _hasEnded = true;
                End();
            }
        }

        return _events.Take();
    }

    /// <summary>Takes the next chunk of what was read.</summary>
    /// <param name="chunk">The event; valid until something more is read.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryTake(out ReadOnlyMemory<byte> chunk)
    {
        chunk = _events.IsEmpty ? default : _events.Take();
        return !chunk.IsEmpty;
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => Chat.DisposeAsync();

    /// <summary>Reads one piece and hands on what becomes of it.</summary>
    /// <returns>False when there was none: the answer is at its end.</returns>
    protected abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Hands on what is left to say once the last piece has been read.</summary>
    protected virtual void End()
    {
    }

    /// <summary>Whether nothing waits to be taken.</summary>
    protected bool IsSilent => _events.IsEmpty;

    /// <summary>Hands on an event.</summary>
    /// <param name="data">Its data, one line.</param>
    protected void Emit(ReadOnlySpan<byte> data) => _events.Add(data);

    /// <summary>Hands on a sign of life.</summary>
    protected void EmitComment() => _events.AddComment();

    /// <summary>Reads the JSON object that a piece is.</summary>
    /// <param name="payload">Its bytes.</param>
    /// <param name="read">Reads it; its names are text.</param>
    /// <exception cref="ChatProviderException">It is none.</exception>
    protected static void ReadObject(ReadOnlyMemory<byte> payload, Action<JsonElement> read)
    {
        try
        {
            MemberNames.ThrowIfNotText(payload.Span);
            using var document = JsonDocument.Parse(payload);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException($"A JSON object was expected, not {document.RootElement.ValueKind}.");
            }

            read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "An event of the stream is no JSON object.", e);
        }
    }
}
