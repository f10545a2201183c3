using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>A piece of an answer: a whole plain body, or one server-sent event.</summary>
/// <param name="Bytes">What to write to the client; empty when the piece was meant for us alone. Valid until the next piece is asked for.</param>
/// <param name="Usage">
/// Tokens of the whole answer so far, from the piece on in which the provider counted. A count that the text contradicts or that nothing explains is replaced
/// by an estimate. Null while the provider has counted nothing.
/// </param>
/// <param name="OutputCharacters">Unicode characters of generated text in the piece, reasoning and arguments of tool calls included, for an estimate where the provider does not count.</param>
/// <param name="IsLast">Whether the answer is complete with it.</param>
public readonly record struct ChatPart(ReadOnlyMemory<byte> Bytes, TokenUsage? Usage, int OutputCharacters, bool IsLast)
{
    /// <summary>Bytes of the same text in UTF-8; with the characters they tell scripts apart.</summary>
    public int OutputBytes { get; init; }

    /// <summary>
    /// What the answer so far costs, USD, where tokens at the three list prices do not say it: the provider's own bill (<c>usage.cost</c>), or cache writes and
    /// sound at their prices. Null where they do.
    /// </summary>
    public double? InvoiceUsd { get; init; }

    /// <summary>What the upstream itself calls the answer, in one of the first parts of a call that is traced; null otherwise.</summary>
    public AnswerOrigin? Origin { get; init; }
}
