namespace MetaLlm.Embeddings.Models;

/// <summary>How a model cuts text into tokens.</summary>
public enum TokenizerKind
{
    /// <summary>SentencePiece unigram: the most probable segmentation; the file is a JSON array of [piece, log probability].</summary>
    Unigram,

    /// <summary>BERT's WordPiece: greedy longest match; the file is vocab.txt or tokenizer.json.</summary>
    WordPiece,
}
