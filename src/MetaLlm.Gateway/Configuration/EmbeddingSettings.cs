namespace MetaLlm.Gateway.Configuration;

/// <summary>Which embedder runs.</summary>
/// <param name="ModelDirectory">Directory of the model; null for the one that comes with the application.</param>
/// <param name="Threads">Texts embedded at the same time; null for one per core.</param>
/// <param name="AllowHashingFallback">Whether word hashing stands in where the model cannot be loaded.</param>
public sealed record EmbeddingSettings(string? ModelDirectory, int? Threads, bool AllowHashingFallback);
