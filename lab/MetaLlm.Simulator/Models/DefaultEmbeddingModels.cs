namespace MetaLlm.Simulator.Models;

/// <summary>Three invented embedding models: two of one space, as if two providers served the same weights, and a larger one by itself.</summary>
public static class DefaultEmbeddingModels
{
    /// <summary>The cheap one of the small space.</summary>
    public static SimulatedEmbeddingModel Small { get; } = new() { Name = "sim-embed-small", Space = "sim-embed", InputPerMillion = 0.02m, Dimensions = 256 };

    /// <summary>The same weights, dearer.</summary>
    public static SimulatedEmbeddingModel SmallElsewhere { get; } = new() { Name = "sim-embed-small-elsewhere", Space = "sim-embed", InputPerMillion = 0.03m, Dimensions = 256 };

    /// <summary>Longer vectors of a space of its own.</summary>
    public static SimulatedEmbeddingModel Large { get; } = new() { Name = "sim-embed-large", Space = "sim-embed-large", InputPerMillion = 0.13m, Dimensions = 1024 };

    /// <summary>All three.</summary>
    public static IReadOnlyList<SimulatedEmbeddingModel> All { get; } = [Small, SmallElsewhere, Large];
}
