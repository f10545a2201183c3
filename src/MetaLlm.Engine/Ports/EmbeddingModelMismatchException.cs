namespace MetaLlm.Engine.Ports;

/// <summary>What a tenant has learned rests on another embedding model than the one that is loaded; vectors of the two do not mix.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="stored">Model of the learned state.</param>
/// <param name="loaded">Model that is loaded.</param>
[GenerateSerializer, Immutable, Alias("metallm.embedding-model-mismatch")]
public sealed class EmbeddingModelMismatchException(string tenant, string stored, string loaded)
    : Exception(
        $"Tenant '{tenant}' has learned with embedding model '{stored}', but '{loaded}' is loaded. Load '{stored}' again, or start a new tenant with '{loaded}'.")
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public string Tenant { get; } = tenant;

    /// <summary>Model of the learned state.</summary>
    [Id(1)]
    public string Stored { get; } = stored;

    /// <summary>Model that is loaded.</summary>
    [Id(2)]
    public string Loaded { get; } = loaded;
}
