namespace MetaLlm.Simulator.Models;

/// <summary>A simulated embedding model. Its vectors follow from the texts' words, the seed and the space alone, so that texts with common words are near to each other.</summary>
public sealed record SimulatedEmbeddingModel
{
    /// <summary>Name on the wire, such as <c>sim-embed-small</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The vector space: models of one space give the same vectors.</summary>
    public required string Space { get; init; }

    /// <summary>List price in USD per million tokens.</summary>
    /// <value>0 to 1,000.</value>
    public required decimal InputPerMillion { get; init; }

    /// <summary>Numbers of a vector, unless a request asks for fewer; the same for all models of a space.</summary>
    /// <value>1 to 4,096.</value>
    public required int Dimensions { get; init; }

    /// <summary>Wait before the answer at a time scale of 1.</summary>
    /// <value>0 to 60 seconds.</value>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(50);
}
