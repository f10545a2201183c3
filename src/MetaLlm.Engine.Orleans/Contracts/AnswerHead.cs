
namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>What comes before an answer's body.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="HeaderNames">Names of the headers to hand on.</param>
/// <param name="HeaderValues">Their values, in the same order.</param>
[GenerateSerializer, Immutable, Alias("metallm.answer-head")]
internal sealed record AnswerHead(
    [property: Id(0)] int Status,
    [property: Id(1)] string ContentType,
    [property: Id(2)] string[] HeaderNames,
    [property: Id(3)] string[] HeaderValues)
{
    /// <summary>Whether the body is in the request's native format.</summary>
    [Id(4)]
    public bool IsNative { get; init; }
}
