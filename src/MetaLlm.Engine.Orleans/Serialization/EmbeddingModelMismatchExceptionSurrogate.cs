using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="EmbeddingModelMismatchException"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.embedding-model-mismatch")]
internal struct EmbeddingModelMismatchExceptionSurrogate
{
    [Id(0)]
    public string Tenant;

    [Id(1)]
    public string Stored;

    [Id(2)]
    public string Loaded;
}

/// <summary>Turns <see cref="EmbeddingModelMismatchException"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class EmbeddingModelMismatchExceptionConverter : IConverter<EmbeddingModelMismatchException, EmbeddingModelMismatchExceptionSurrogate>
{
    /// <inheritdoc/>
    public EmbeddingModelMismatchException ConvertFromSurrogate(in EmbeddingModelMismatchExceptionSurrogate surrogate) => new(surrogate.Tenant, surrogate.Stored, surrogate.Loaded);

    /// <inheritdoc/>
    public EmbeddingModelMismatchExceptionSurrogate ConvertToSurrogate(in EmbeddingModelMismatchException value) => new()
    {
        Tenant = value.Tenant,
        Stored = value.Stored,
        Loaded = value.Loaded,
    };
}

/// <summary>Passes <see cref="EmbeddingModelMismatchException"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class EmbeddingModelMismatchExceptionCopier : ShallowCopier<EmbeddingModelMismatchException>;
