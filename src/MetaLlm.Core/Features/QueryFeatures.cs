namespace MetaLlm.Core.Features;

/// <summary>What is known of a query before any tenant's state is consulted.</summary>
/// <param name="Structural">Raw structural features, <see cref="StructuralFeatures.Count"/> entries.</param>
/// <param name="Embedding">The model's embedding; empty when embeddings are switched off.</param>
/// <param name="Task">The caller's task tag, or null.</param>
/// <param name="InputTokens">Prompt tokens, estimated before the call; at least 1.</param>
public sealed record QueryFeatures(float[] Structural, float[] Embedding, string? Task, double InputTokens);
