using MetaLlm.Core.Features;

namespace MetaLlm.Engine.Ports;

/// <summary>Identity of an embedding model; it is stored with learned state, and state of another model is refused.</summary>
/// <param name="Id">Name and revision of the model, for example <c>use-lite-en-1</c>; changes whenever vectors change.</param>
/// <param name="Dimensions">Length of the vectors, at least 1.</param>
/// <param name="Reduction">The model's own linear map to a few dimensions, used until a tenant fits its own.</param>
[GenerateSerializer, Immutable, Alias("metallm.embedding-model")]
public sealed record EmbeddingModelInfo(
    [property: Id(0)] string Id,
    [property: Id(1)] int Dimensions,
    [property: Id(2)] LinearReduction Reduction);
