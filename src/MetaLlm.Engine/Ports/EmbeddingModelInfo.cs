using MetaLlm.Core.Features;

namespace MetaLlm.Engine.Ports;

/// <summary>Identity of an embedding model; it is stored with learned state, and state of another model is refused.</summary>
/// <param name="Id">Name and revision of the space that the vectors lie in, for example <c>use-lite-en-1</c>; vectors of one space may be learned from together.</param>
/// <param name="Dimensions">Length of the vectors, at least 1.</param>
/// <param name="Reduction">The model's own linear map to a few dimensions, used until a tenant fits its own.</param>
[GenerateSerializer, Immutable, Alias("metallm.embedding-model")]
public sealed record EmbeddingModelInfo(
    [property: Id(0)] string Id,
    [property: Id(1)] int Dimensions,
    [property: Id(2)] LinearReduction Reduction)
{
    /// <summary>Name and revision of the model itself; changes whenever vectors change. A model has the name of its space unless it shares another one's.</summary>
    [Id(3)]
    public string Name { get; init; } = Id;

    /// <summary>
    /// Most characters (Unicode code points after compatibility decomposition) of a text that the model is certain to read to its end; 0 where nobody knows, <see cref="int.MaxValue"/> where there is
    /// no limit. Two longer texts may have one vector although their ends differ.
    /// </summary>
    [Id(4)]
    public int WholeCharacters { get; init; }
}
