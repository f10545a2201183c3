namespace MetaLlm.Core.Evidence;

/// <summary>How a purse is spent on answers of models that did not serve.</summary>
public enum EvidenceRule
{
    /// <summary>By what an answer can change in later choices, per dollar.</summary>
    Gradient,

    /// <summary>Every model, query by query, until the purse is empty.</summary>
    FullRows,

    /// <summary>Each model with a probability of one half.</summary>
    RandomAnswers,

    /// <summary>By how little is known of a model, per dollar, whatever it is worth.</summary>
    Uncertainty,

    /// <summary>As <see cref="Gradient"/>, and only where the model contends at the query itself.</summary>
    Contended,
}
