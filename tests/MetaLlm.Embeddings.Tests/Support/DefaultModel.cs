namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>The model that runs where none is configured: it multiplies 8-bit integers.</summary>
public sealed class DefaultModel() : ShippedModel(Directory)
{
    public static string Directory { get; } = new EmbeddingsOptions().ModelDirectory;
}
