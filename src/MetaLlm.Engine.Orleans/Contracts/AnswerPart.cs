using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>A <see cref="ChatPart"/> with bytes of its own, or the head of the answer.</summary>
/// <param name="Head">What comes before the body, in the first part alone; it has no bytes.</param>
/// <param name="Bytes">What to write to the client.</param>
/// <param name="Usage">Tokens as the provider counted them.</param>
/// <param name="OutputCharacters">Characters of generated text.</param>
/// <param name="IsLast">Whether the answer is complete with it.</param>
[GenerateSerializer, Immutable, Alias("metallm.answer-part")]
internal sealed record AnswerPart(
    [property: Id(0)] AnswerHead? Head,
    [property: Id(1)] byte[] Bytes,
    [property: Id(2)] TokenUsage? Usage,
    [property: Id(3)] int OutputCharacters,
    [property: Id(4)] bool IsLast)
{
    /// <summary>Bytes of generated text.</summary>
    [Id(5)]
    public int OutputBytes { get; init; }

    /// <summary>What the answer so far costs, USD, where the list prices do not say it.</summary>
    [Id(6)]
    public double? InvoiceUsd { get; init; }

    /// <summary>What the upstream itself calls the answer.</summary>
    [Id(7)]
    public AnswerOrigin? Origin { get; init; }

    /// <summary>The first part of an answer.</summary>
    public static AnswerPart Beginning(ChatResponse answer) => new(
        new AnswerHead(
            answer.Status,
            answer.ContentType,
            [.. answer.Headers.Select(header => header.Key)],
            [.. answer.Headers.Select(header => header.Value)]) { IsNative = answer.IsNative },
        [],
        null,
        0,
        false);

    /// <summary>Copies a part, whose bytes the provider overwrites with the next one.</summary>
    public static AnswerPart From(in ChatPart part) => new(null, part.Bytes.ToArray(), part.Usage, part.OutputCharacters, part.IsLast)
    {
        OutputBytes = part.OutputBytes, InvoiceUsd = part.InvoiceUsd, Origin = part.Origin,
    };

    /// <summary>The part as providers give it.</summary>
    public ChatPart ToChatPart() => new(Bytes, Usage, OutputCharacters, IsLast) { OutputBytes = OutputBytes, InvoiceUsd = InvoiceUsd, Origin = Origin };
}
