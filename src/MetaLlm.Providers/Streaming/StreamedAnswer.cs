using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Streaming;

/// <summary>A streamed answer on its way from the upstream to the client, one event at a time. Read once.</summary>
internal sealed class StreamedAnswer : IAsyncDisposable
{
    // What an upstream says before its answer is worth little, and there may be any amount of it: most bytes of it to hand on.
    private const int MaxCommentBytes = 4096;

    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    private readonly HttpResponseMessage _response;
    private readonly EventReader _events;
    private readonly CallTimer _timer;
    private readonly AnswerRewriter _rewriter;
    private readonly bool _hideUsage;
    private readonly ArrayBufferWriter<byte> _comments = new();
    private ChatPart _first;
    private bool _begun;
    private bool _finished;

    private StreamedAnswer(HttpResponseMessage response, Stream body, ChatCall call, bool hideUsage, CallTimer timer)
    {
        _response = response;
        _events = new EventReader(body);
        _timer = timer;
        _rewriter = new AnswerRewriter(call);
        _hideUsage = hideUsage;
    }

    /// <summary>Reads up to the first event that carries data, so that a failure until then leaves the client untouched.</summary>
    /// <exception cref="ChatProviderException">The stream is not one, or begins with an error.</exception>
    public static async Task<StreamedAnswer> BeginAsync(
        HttpResponseMessage response, ChatCall call, bool hideUsage, CallTimer timer)
    {
        var body = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        var answer = new StreamedAnswer(response, body, call, hideUsage, timer);
        answer._first = await answer.NextDataAsync().ConfigureAwait(false)
            ?? throw new ChatProviderException(ChatFailure.BadAnswer, "The stream ended before its first event.");
        answer._begun = true;
        return answer;
    }

    public async IAsyncEnumerable<ChatPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_comments.WrittenCount > 0)
        {
            yield return new ChatPart(_comments.WrittenMemory, null, 0, false);
        }

        yield return _first;
        if (_first.IsLast)
        {
            yield break;
        }

        while (true)
        {
            _timer.Idle();
            var part = await _timer.RunAsync(NextAsync, cancellationToken).ConfigureAwait(false);
            yield return part;
            if (part.IsLast)
            {
                yield break;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        _timer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<ChatPart?> NextDataAsync()
    {
        while (await _events.NextAsync(_timer.Token).ConfigureAwait(false) is { } bytes)
        {
            if (EventData.Find(bytes.Span).Lines > 0)
            {
                return Read(bytes);
            }

            if (_comments.WrittenCount + bytes.Length <= MaxCommentBytes)
            {
                _comments.Write(bytes.Span);
            }

            // Events that are in memory already wait for nothing that would notice the limit.
            _timer.Token.ThrowIfCancellationRequested();
        }

        return null;
    }

    private async ValueTask<ChatPart> NextAsync()
    {
        if (await _events.NextAsync(_timer.Token).ConfigureAwait(false) is { } bytes)
        {
            return Read(bytes);
        }

        // Some servers end a complete answer without the closing mark that clients wait for.
        return _finished
            ? new ChatPart(Done, null, 0, true)
            : throw new ChatProviderException(ChatFailure.Cut, "The stream ended before the answer was complete.");
    }

    private ChatPart Read(ReadOnlyMemory<byte> bytes)
    {
        var data = EventData.Find(bytes.Span);
        var payload = bytes.Slice(data.Start, data.Length);
        if (data.Lines != 1)
        {
            return new ChatPart(bytes, null, 0, false);
        }

        if (payload.Span.Trim(" "u8).SequenceEqual("[DONE]"u8))
        {
            return new ChatPart(bytes, null, 0, true);
        }

        var facts = ReadFacts(payload);
        if (facts.Error is { } error && !facts.HasChoices)
        {
            throw new ChatProviderException(_begun ? ChatFailure.Cut : ChatFailure.ServerError, $"The upstream reports in its stream: {Shorten(error)}");
        }

        _finished |= facts.Finished;
        if (_hideUsage && facts is { Usage: not null, HasChoices: false })
        {
            return new ChatPart(default, facts.Usage, 0, false);
        }

        var rewritten = _rewriter.Rewrite(
            bytes.Span[..data.Start], payload.Span, bytes.Span[(data.Start + data.Length)..], _hideUsage && facts.UsageIsNull);
        return new ChatPart(rewritten, facts.Usage, facts.OutputCharacters, false);
    }

    private AnswerFacts ReadFacts(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return AnswerFacts.Read(payload);
        }
        catch (JsonException e)
        {
            // The parser's message names a position, never the text.
            throw new ChatProviderException(_begun ? ChatFailure.Cut : ChatFailure.BadAnswer, "An event of the stream is no JSON object.", e);
        }
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..200];
}
