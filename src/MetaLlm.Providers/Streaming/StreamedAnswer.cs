using System.Buffers;
using System.Runtime.CompilerServices;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;

namespace MetaLlm.Providers.Streaming;

/// <summary>A streamed answer on its way from the upstream to the client, one event at a time. Read once.</summary>
internal sealed class StreamedAnswer : IAsyncDisposable
{
    /// <summary>Most bytes that an upstream may send before content and have handed on; whatever says more says nothing.</summary>
    private const int MaxHeldBytes = 256 * 1024;

    private readonly IDisposable? _owner;
    private readonly IEventSource _events;
    private readonly CallTimer _timer;
    private readonly IEventTranslator _translator;
    private readonly ArrayBufferWriter<byte> _held = new();
    private StreamedPart _first;

    private StreamedAnswer(IDisposable? owner, IEventSource events, IEventTranslator translator, CallTimer timer)
    {
        _owner = owner;
        _events = events;
        _timer = timer;
        _translator = translator;
    }

    /// <summary>Reads up to the first event that carries content, so that a failure until then leaves the client untouched.</summary>
    /// <param name="owner">Released with the answer, before its events; null for nothing. It stays the caller's while this fails.</param>
    /// <param name="events">The stream; released with the answer, or when this fails.</param>
    /// <param name="translator">Reads events.</param>
    /// <param name="timer">Limits each read; released with the answer.</param>
    /// <exception cref="ChatProviderException">The stream is not one, or ends or fails before it has said anything.</exception>
    public static async Task<StreamedAnswer> BeginAsync(IDisposable? owner, IEventSource events, IEventTranslator translator, CallTimer timer)
    {
        var answer = new StreamedAnswer(owner, events, translator, timer);
        try
        {
            await answer.ReadToContentAsync().ConfigureAwait(false);
            return answer;
        }
        catch (Exception e)
        {
            await events.DisposeAsync().ConfigureAwait(false);
            if (e is IOException)
            {
                throw new ChatProviderException(ChatFailure.Connection, "The connection broke before the answer began.", e) { Usage = translator.Usage };
            }

            throw;
        }
    }

    public async IAsyncEnumerable<ChatPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_held.WrittenCount > 0)
        {
            yield return new ChatPart(_held.WrittenMemory, null, 0, false);
        }

        yield return _first.Part;
        while (true)
        {
            _timer.Idle();
            var next = await _timer.RunAsync(NextAsync, cancellationToken).ConfigureAwait(false);
            yield return next.Part;
            if (next.Kind == StreamedKind.End)
            {
                yield break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        await _events.DisposeAsync().ConfigureAwait(false);
        _timer.Dispose();
    }

    private async ValueTask ReadToContentAsync()
    {
        while (true)
        {
            // Whatever arrives shows that the upstream is at work.
            _timer.FirstByte();
            var next = await NextAsync().ConfigureAwait(false);
            if (next.Kind == StreamedKind.Content)
            {
                _first = next;
                _translator.HasBegun = true;
                return;
            }

            if (next.Kind == StreamedKind.Quiet)
            {
                Hold(next.Part.Bytes.Span);
            }

            // Events that are in memory already wait for nothing that would notice the limit.
            _timer.Token.ThrowIfCancellationRequested();
        }
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held.WrittenCount + bytes.Length > MaxHeldBytes)
        {
            throw _translator.Failure($"The stream began with more than {MaxHeldBytes} bytes without content.");
        }

        _held.Write(bytes);
    }

    private async ValueTask<StreamedPart> NextAsync()
    {
        try
        {
            return await _events.NextAsync(_timer.Token).ConfigureAwait(false) is { } bytes ? _translator.Read(bytes) : _translator.Close();
        }
        catch (ChatProviderException e) when (_translator.HasBegun && e.Failure == ChatFailure.BadAnswer)
        {
            throw _translator.Failure(e.Message, e);
        }
    }
}
