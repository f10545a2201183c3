namespace MetaLlm.Core.Bandits;

/// <summary>Lengths of the blocks of a context vector, in their order.</summary>
/// <param name="Bias">1.</param>
/// <param name="Structural">Standardised structural features; 0 when switched off.</param>
/// <param name="Task">One-hot task tag; 0 when switched off.</param>
/// <param name="Embedding">Reduced embedding; 0 when switched off.</param>
/// <param name="Topic">Soft memberships in the router's own topics; 0 when embeddings are switched off.</param>
/// <param name="Language">Script and language, between the tag and the embedding; 0 unless it is switched on.</param>
public readonly record struct ContextBlocks(int Bias, int Structural, int Task, int Embedding, int Topic = 0, int Language = 0)
{
    /// <summary>Length of the whole vector.</summary>
    public int Dimension => Bias + Structural + Task + Language + Embedding + Topic;
}
