namespace MetaLlm.Embeddings.Tokenization;

/// <summary>Turns text into the token ids of one model. Safe for concurrent use.</summary>
internal interface ITokenizer
{
    /// <summary>The ids, at most the model's token limit; empty only where the model has no id for an empty text.</summary>
    long[] Encode(string text);
}
