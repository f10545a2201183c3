namespace MetaLlm.Core.Features;

/// <summary>What is known of a query before any tenant's state is consulted.</summary>
/// <param name="Structural">Raw structural features, <see cref="StructuralFeatures.Count"/> entries.</param>
/// <param name="Embedding">The model's embedding; empty when embeddings are switched off.</param>
/// <param name="Task">The caller's task tag, or null.</param>
/// <param name="InputTokens">Prompt tokens, estimated before the call; at least 1.</param>
[GenerateSerializer, Immutable, Alias("metallm.query-features")]
public sealed record QueryFeatures(
    [property: Id(0)] float[] Structural,
    [property: Id(1)] float[] Embedding,
    [property: Id(2)] string? Task,
    [property: Id(3)] double InputTokens)
{
    /// <summary>What is known of a text.</summary>
    /// <param name="text">The query; measured here, and not kept.</param>
    /// <param name="embedding">Its embedding; empty while there is none.</param>
    /// <param name="task">The caller's task tag, or null.</param>
    /// <param name="inputTokens">Prompt tokens, estimated; below 1 counts as 1.</param>
    public static QueryFeatures Of(string text, float[] embedding, string? task, double inputTokens)
    {
        var structural = new float[StructuralFeatures.Count];
        StructuralFeatures.Extract(text, structural);
        return new QueryFeatures(structural, embedding, task, Math.Max(1, inputTokens));
    }
}
