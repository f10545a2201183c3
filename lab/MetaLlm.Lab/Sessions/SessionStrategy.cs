namespace MetaLlm.Lab.Sessions;

/// <summary>How the model of a turn is chosen.</summary>
internal enum SessionStrategy
{
    /// <summary>Every turn for itself: the product without conversations.</summary>
    PerTurn = 0,

    /// <summary>The policy chooses once, at the first turn; the client names that model ever after.</summary>
    FirstChoice = 1,

    /// <summary>The product with conversations.</summary>
    CacheAware = 2,
}
