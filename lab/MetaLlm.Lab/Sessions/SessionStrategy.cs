namespace MetaLlm.Lab.Sessions;

/// <summary>How the model of a turn is chosen.</summary>
internal enum SessionStrategy
{
    /// <summary>Every call for itself by the product's policy, as peers do: it sees the last question, and goes by list prices. It is billed like all others.</summary>
    PerTurn = 0,

    /// <summary>The product without conversations: as before, but costs are learned from bills, and with them which share of a model's prompts usually comes out of its cache.</summary>
    PerTurnBilled = 1,

    /// <summary>As before at the first turn; the client names that model ever after.</summary>
    FirstChoice = 2,

    /// <summary>The product with conversations: it knows which model has served what of this conversation, and reads the first question and the last ones.</summary>
    CacheAware = 3,

    /// <summary>A bound: the best plan for the whole session, made by one who knows its length, its caches and how well models do by topic.</summary>
    TopicsKnown = 4,

    /// <summary>A bound: the same by one who knows how each question will end with each model. Not learnable.</summary>
    OutcomesKnown = 5,
}
