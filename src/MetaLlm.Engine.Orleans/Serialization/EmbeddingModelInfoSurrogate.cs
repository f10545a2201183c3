using MetaLlm.Core.Features;
using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="EmbeddingModelInfo"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.embedding-model")]
internal struct EmbeddingModelInfoSurrogate
{
    [Id(0)]
    public string Id;

    [Id(1)]
    public int Dimensions;

    [Id(2)]
    public LinearReduction Reduction;
}

/// <summary>Turns <see cref="EmbeddingModelInfo"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class EmbeddingModelInfoConverter : IConverter<EmbeddingModelInfo, EmbeddingModelInfoSurrogate>
{
    /// <inheritdoc/>
    public EmbeddingModelInfo ConvertFromSurrogate(in EmbeddingModelInfoSurrogate surrogate) => new(surrogate.Id, surrogate.Dimensions, surrogate.Reduction);

    /// <inheritdoc/>
    public EmbeddingModelInfoSurrogate ConvertToSurrogate(in EmbeddingModelInfo value) => new()
    {
        Id = value.Id,
        Dimensions = value.Dimensions,
        Reduction = value.Reduction,
    };
}

/// <summary>Passes <see cref="EmbeddingModelInfo"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class EmbeddingModelInfoCopier : ShallowCopier<EmbeddingModelInfo>;
