using System.Buffers;
using System.Text.Json;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Streaming;

/// <summary>Reads chunks of a chat completion and writes them as clients of chat get them.</summary>
/// <param name="call">The call.</param>
/// <param name="hidesUsage">Whether the client did not ask for the usage count.</param>
/// <param name="judge">Judges counts.</param>
internal sealed class EventTranslator(ChatCall call, bool hidesUsage, UsageJudge judge) : IEventTranslator
{
    /// <summary>Longest comment that is handed on; of a longer one the client learns that it was there.</summary>
    private const int MaxCommentBytes = 4096;

    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    private readonly AnswerRewriter _rewriter = new(call);
    private readonly ArrayBufferWriter<byte> _joined = new();
    private ChoiceEnds _ends;
    private bool _tellsOrigin = call.IsTraced;

    /// <inheritdoc/>
    public bool HasBegun { get; set; }

    /// <inheritdoc/>
    public TokenUsage? Usage => judge.Judge(isEnd: false).Usage;

    /// <inheritdoc/>
    public StreamedPart Read(ReadOnlyMemory<byte> bytes)
    {
        var data = EventData.Find(bytes.Span);
        if (data.Lines == 0)
        {
            return new(StreamedKind.Heartbeat, new ChatPart(data.IsWhole && bytes.Length <= MaxCommentBytes ? bytes : Comment, null, 0, false));
        }

        var payload = (data.Lines == 1 ? bytes.Slice(data.Start, data.Length) : Joined(bytes.Span)).Trim(" \t"u8);
        if (payload.Span.SequenceEqual("[DONE]"u8))
        {
            return End(data.IsWhole && data.Lines == 1 ? bytes : Done);
        }

        if (data.IsError || (payload.Length > 0 && payload.Span[0] == '{'))
        {
            return Object(bytes, data, payload);
        }

        // Neither an answer nor part of one, such as a ping.
        return new(StreamedKind.Heartbeat, default);
    }

    /// <inheritdoc/>
    public StreamedPart Close() => _ends.AreAll && HasBegun ? End(Done) : throw Failure("The stream ended before the answer was complete.");

    /// <inheritdoc/>
    public ChatProviderException Failure(string message, Exception? inner = null) =>
        new(HasBegun ? ChatFailure.Cut : ChatFailure.BadAnswer, message, inner) { Usage = Usage };

    private StreamedPart End(ReadOnlyMemory<byte> bytes)
    {
        if (!HasBegun)
        {
            throw Failure("The stream ended without an answer.");
        }

        if (_ends.AreMixed)
        {
            throw Failure("The stream ended before each of its choices did.");
        }

        var (usage, invoice) = judge.Judge(isEnd: true);
        return new(StreamedKind.End, new ChatPart(bytes, usage, 0, true) { InvoiceUsd = invoice });
    }

    private StreamedPart Object(ReadOnlyMemory<byte> bytes, EventData data, ReadOnlyMemory<byte> payload)
    {
        var facts = ReadFacts(payload, data.IsError);
        judge.Saw(facts.Text, facts.Usage);
        if (facts.Error is { } error)
        {
            throw HasBegun ? Failure("The upstream reports an error within its answer.") : error.ToFailure(judge);
        }

        var (usage, invoice) = judge.Judge(isEnd: false);
        var part = new ChatPart(default, usage, (int)facts.Text.Characters, false) { OutputBytes = (int)facts.Text.Bytes, InvoiceUsd = invoice };
        if (_tellsOrigin && facts.HasContent)
        {
            _tellsOrigin = false;
            part = part with { Origin = Origins.Read(payload.Span) };
        }

        if (!hidesUsage || facts is not { Usage: not null, HasChoices: false })
        {
            part = part with { Bytes = Rewritten(bytes.Span, data, payload.Span, hidesUsage && facts.UsageIsNull) };
        }

        return new(facts.HasContent || facts.ExplainsEnd ? StreamedKind.Content : StreamedKind.Quiet, part);
    }

    private ReadOnlyMemory<byte> Rewritten(ReadOnlySpan<byte> bytes, EventData data, ReadOnlySpan<byte> payload, bool dropsUsage) =>
        data.IsWhole && data.Lines == 1
            ? _rewriter.Rewrite(bytes[..data.Start], payload, bytes[(data.Start + data.Length)..], dropsUsage)
            : _rewriter.Rewrite("data: "u8, payload, "\n\n"u8, dropsUsage);

    private AnswerFacts ReadFacts(ReadOnlyMemory<byte> payload, bool isError)
    {
        try
        {
            var facts = AnswerFacts.Read(payload, ref _ends);
            return isError && facts.Error is null ? facts with { Error = default(InBandError) } : facts;
        }
        catch (JsonException) when (isError)
        {
            return new AnswerFacts { Error = default(InBandError) };
        }
        catch (JsonException e)
        {
            // The parser's message names a position, never the text.
            throw Failure("An event of the stream is no JSON object.", e);
        }
    }

    private ReadOnlyMemory<byte> Joined(ReadOnlySpan<byte> bytes)
    {
        _joined.ResetWrittenCount();
        EventData.Join(bytes, _joined);
        return _joined.WrittenMemory;
    }
}
