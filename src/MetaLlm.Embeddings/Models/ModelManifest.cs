namespace MetaLlm.Embeddings.Models;

/// <summary>What a model directory's <c>manifest.json</c> says, checked for completeness and ranges.</summary>
/// <param name="Id">Name and revision; changes whenever vectors change.</param>
/// <param name="Space">Id of the model in whose space the vectors lie: what was learned with either of the two goes on with the other. The model's own id unless said.</param>
/// <param name="Licence">SPDX expression of the licence of the weights.</param>
/// <param name="Dimensions">Length of a vector, 1 to 8192.</param>
/// <param name="Prefix">Put before every text, as some retrieval models want; may be empty.</param>
/// <param name="Tokenizer">How text becomes token ids.</param>
/// <param name="Network">How token ids become vectors.</param>
/// <param name="ReductionFile">File of the fitted reduction, or null when the model has none.</param>
public sealed record ModelManifest(
    string Id,
    string Space,
    string Licence,
    int Dimensions,
    string Prefix,
    TokenizerManifest Tokenizer,
    NetworkManifest Network,
    string? ReductionFile);
