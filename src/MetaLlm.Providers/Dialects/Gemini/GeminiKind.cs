namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>What a part of an answer is.</summary>
internal enum GeminiKind
{
    /// <summary>Text, which may be empty beside a signature.</summary>
    Text,

    /// <summary>Text of thinking.</summary>
    Thought,

    /// <summary>A call of a tool.</summary>
    Call,

    /// <summary>An image, or another medium.</summary>
    Data,
}
