using MetaLlm.Core.Features;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="QueryFeatures"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.query-features")]
internal struct QueryFeaturesSurrogate
{
    [Id(0)]
    public float[] Structural;

    [Id(1)]
    public float[] Embedding;

    [Id(2)]
    public string? Task;

    [Id(3)]
    public double InputTokens;
}

/// <summary>Turns <see cref="QueryFeatures"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class QueryFeaturesConverter : IConverter<QueryFeatures, QueryFeaturesSurrogate>
{
    /// <inheritdoc/>
    public QueryFeatures ConvertFromSurrogate(in QueryFeaturesSurrogate surrogate) => new(surrogate.Structural, surrogate.Embedding, surrogate.Task, surrogate.InputTokens);

    /// <inheritdoc/>
    public QueryFeaturesSurrogate ConvertToSurrogate(in QueryFeatures value) => new()
    {
        Structural = value.Structural,
        Embedding = value.Embedding,
        Task = value.Task,
        InputTokens = value.InputTokens,
    };
}

/// <summary>Passes <see cref="QueryFeatures"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class QueryFeaturesCopier : ShallowCopier<QueryFeatures>;
