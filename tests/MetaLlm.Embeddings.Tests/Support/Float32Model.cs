namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>The default model in 32-bit arithmetic, which all published figures were made with.</summary>
public sealed class Float32Model() : ShippedModel(Path.Combine(AppContext.BaseDirectory, "models", "use-lite-en"));
