namespace MetaLlm.Embeddings.Models;

/// <summary>The ONNX network of a model.</summary>
/// <param name="File">The .onnx file, relative to the model directory.</param>
/// <param name="TokenIdsInput">Name of the input for token ids, int64 [texts, tokens].</param>
/// <param name="AttentionMaskInput">Name of the input that is 1 where a token is present and 0 where padding is.</param>
/// <param name="TokenTypesInput">Name of the input for segment ids (all 0), or null when the network has none.</param>
/// <param name="Output">Name of the output.</param>
/// <param name="Pooling">How the output becomes one vector per text.</param>
/// <param name="Normalize">Whether vectors must still be scaled to unit length.</param>
public sealed record NetworkManifest(
    string File,
    string TokenIdsInput,
    string AttentionMaskInput,
    string? TokenTypesInput,
    string Output,
    PoolingKind Pooling,
    bool Normalize);
