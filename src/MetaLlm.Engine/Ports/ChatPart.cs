using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>A piece of an answer: a whole plain body, or one server-sent event.</summary>
/// <param name="Bytes">What to write to the client; empty when the piece was meant for us alone. Valid until the next piece is asked for.</param>
/// <param name="Usage">Tokens as the provider counted them, in the piece that says so.</param>
/// <param name="OutputCharacters">Characters of generated text in the piece, for an estimate where the provider does not count.</param>
/// <param name="IsLast">Whether the answer is complete with it.</param>
public readonly record struct ChatPart(ReadOnlyMemory<byte> Bytes, TokenUsage? Usage, int OutputCharacters, bool IsLast);
