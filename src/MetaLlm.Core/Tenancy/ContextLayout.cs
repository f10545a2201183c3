using MetaLlm.Core.Bandits;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>Finds the blocks of recorded context vectors, so that another policy can read them.</summary>
public static class ContextLayout
{
    /// <summary>The blocks of a vector.</summary>
    /// <param name="parts">Parts that were in use.</param>
    /// <param name="dimension">Length of the vector.</param>
    /// <returns>Blocks that fill the vector; the embedding has what the others leave.</returns>
    /// <exception cref="ArgumentException">No vector with these parts has that length.</exception>
    public static ContextBlocks Blocks(ContextParts parts, int dimension)
    {
        var shape = new FeatureMap("layout", new LinearReduction("layout", 1, [1f], [0f], 1)).Blocks(parts);
        var embedding = dimension - (shape.Dimension - shape.Embedding);
        return embedding >= 0 && (embedding == 0 || parts.HasFlag(ContextParts.Embedding))
            ? shape with { Embedding = embedding }
            : throw new ArgumentException($"A context of {dimension} numbers does not have the parts {parts}.", nameof(dimension));
    }
}
