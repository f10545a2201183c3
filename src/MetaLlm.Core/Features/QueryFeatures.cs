using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Features;

/// <summary>What is known of a query before any tenant's state is consulted.</summary>
/// <param name="Structural">
/// Raw structural features, <see cref="StructuralFeatures.Count"/> entries; behind them <see cref="LanguageFeatures.Count"/> of its language, where the tenant looks at that.
/// </param>
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
    /// <summary>Whether there are as many raw features as there may be: with the language's or without.</summary>
    internal bool HasLegalLengths => Structural.Length is StructuralFeatures.Count or (StructuralFeatures.Count + LanguageFeatures.Count);

    /// <summary>Features of the language; empty where nobody looked at it.</summary>
    internal ReadOnlySpan<float> Language => Structural.AsSpan(Math.Min(Structural.Length, StructuralFeatures.Count));

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

    /// <summary>The same with what a tenant's context needs beyond it: its language, where the tenant looks at that.</summary>
    /// <param name="text">The query; measured here, and not kept.</param>
    /// <param name="parts">Parts of the tenant's context.</param>
    public QueryFeatures SeenWith(string text, ContextParts parts)
    {
        if (!parts.HasFlag(ContextParts.Language) || Structural.Length != StructuralFeatures.Count)
        {
            return this;
        }

        var raw = new float[StructuralFeatures.Count + LanguageFeatures.Count];
        Structural.CopyTo(raw, 0);
        LanguageFeatures.Extract(text, raw.AsSpan(StructuralFeatures.Count));
        return this with { Structural = raw };
    }
}
