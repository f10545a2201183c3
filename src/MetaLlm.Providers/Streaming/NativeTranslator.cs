using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;

namespace MetaLlm.Providers.Streaming;

/// <summary>
/// Hands a streamed answer on as it comes to a client of the same format. Each event is translated besides, so that what counts as content, as a count and as the
/// end is what it is for every other answer. Events that have no equal in chat pass too.
/// </summary>
/// <param name="call">The call; its request is native.</param>
/// <param name="dialect">The format.</param>
/// <param name="events">Translates.</param>
/// <param name="chat">Reads what they become.</param>
internal sealed class NativeTranslator(ChatCall call, INativeDialect dialect, TranslatedEvents events, EventTranslator chat) : IEventTranslator
{
    private readonly NativeNames _names = new(call);

    /// <inheritdoc/>
    public bool HasBegun { get => chat.HasBegun; set => chat.HasBegun = value; }

    /// <inheritdoc/>
    public TokenUsage? Usage => chat.Usage;

    /// <inheritdoc/>
    public StreamedPart Read(ReadOnlyMemory<byte> bytes)
    {
        events.Translate(bytes);
        var read = new StreamedPart(StreamedKind.Quiet, default);
        while (events.TryTake(out var one))
        {
            read = With(read, chat.Read(one));
        }

        return read with { Part = read.Part with { Bytes = Named(bytes) } };
    }

    /// <inheritdoc/>
    public StreamedPart Close()
    {
        var end = chat.Close();
        return end with { Part = end.Part with { Bytes = dialect.End } };
    }

    /// <inheritdoc/>
    public ChatProviderException Failure(string message, Exception? inner = null) => chat.Failure(message, inner);

    private static StreamedPart With(StreamedPart read, StreamedPart next) => new(
        next.Kind > read.Kind ? next.Kind : read.Kind,
        new ChatPart(default, next.Part.Usage ?? read.Part.Usage, read.Part.OutputCharacters + next.Part.OutputCharacters, read.Part.IsLast || next.Part.IsLast)
        {
            OutputBytes = read.Part.OutputBytes + next.Part.OutputBytes, InvoiceUsd = next.Part.InvoiceUsd ?? read.Part.InvoiceUsd, Origin = next.Part.Origin ?? read.Part.Origin,
        });

    private ReadOnlyMemory<byte> Named(ReadOnlyMemory<byte> bytes)
    {
        var data = EventData.Find(bytes.Span);
        if (data.Lines != 1 || (HasBegun && data.IsWhole))
        {
            return bytes;
        }

        var json = bytes.Slice(data.Start, data.Length);
        var named = dialect.Name(json, _names);
        if (named.Equals(json) && data.IsWhole)
        {
            return bytes;
        }

        var output = new ArrayBufferWriter<byte>(bytes.Length + named.Length);
        output.Write(bytes.Span[..data.Start]);
        output.Write(named.Span);
        output.Write(data.IsWhole ? bytes.Span[(data.Start + data.Length)..] : "\n\n"u8);
        return output.WrittenMemory;
    }
}
