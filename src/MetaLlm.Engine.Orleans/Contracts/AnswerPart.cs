using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>A <see cref="ChatPart"/> with bytes of its own.</summary>
/// <param name="Bytes">What to write to the client.</param>
/// <param name="Usage">Tokens as the provider counted them.</param>
/// <param name="OutputCharacters">Characters of generated text.</param>
/// <param name="IsLast">Whether the answer is complete with it.</param>
[GenerateSerializer, Immutable, Alias("metallm.answer-part")]
internal sealed record AnswerPart(
    [property: Id(0)] byte[] Bytes,
    [property: Id(1)] TokenUsage? Usage,
    [property: Id(2)] int OutputCharacters,
    [property: Id(3)] bool IsLast)
{
    /// <summary>Copies a part, whose bytes the provider overwrites with the next one.</summary>
    public static AnswerPart From(in ChatPart part) => new(part.Bytes.ToArray(), part.Usage, part.OutputCharacters, part.IsLast);

    /// <summary>The part as providers give it.</summary>
    public ChatPart ToChatPart() => new(Bytes, Usage, OutputCharacters, IsLast);
}
