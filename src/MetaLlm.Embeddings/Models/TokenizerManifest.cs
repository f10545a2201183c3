namespace MetaLlm.Embeddings.Models;

/// <summary>The tokenizer of a model.</summary>
/// <param name="Kind">The algorithm.</param>
/// <param name="File">Vocabulary file, relative to the model directory.</param>
/// <param name="MaxTokens">Tokens beyond this many are cut off, 1 to 8192.</param>
/// <param name="ReservedPieces">Unigram only: the first pieces of the vocabulary that never match text, 0 or more.</param>
/// <param name="Lowercase">WordPiece only: whether text is lowercased and stripped of accents first.</param>
public sealed record TokenizerManifest(TokenizerKind Kind, string File, int MaxTokens, int ReservedPieces, bool Lowercase);
