namespace MetaLlm.Embeddings.Models;

/// <summary>How one vector per text comes out of the network.</summary>
public enum PoolingKind
{
    /// <summary>The network's output has shape [texts, dimensions] already.</summary>
    None,

    /// <summary>The output has shape [texts, tokens, dimensions]; the mean over the tokens that are present.</summary>
    Mean,

    /// <summary>The output has shape [texts, tokens, dimensions]; the vector of the first token.</summary>
    Cls,
}
