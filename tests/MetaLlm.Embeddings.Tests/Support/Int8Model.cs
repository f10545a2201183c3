namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>The faster model, which multiplies 8-bit integers.</summary>
public sealed class Int8Model() : ShippedModel(Path.Combine(AppContext.BaseDirectory, "models", "use-lite-en-int8"));
