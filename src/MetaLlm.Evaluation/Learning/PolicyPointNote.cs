namespace MetaLlm.Evaluation.Learning;

/// <summary>What to mind about the point of a policy.</summary>
public enum PolicyPointNote
{
    /// <summary>The router hardly ever tries the model where it could: there is no estimate, only what the policy expects.</summary>
    HardlyTried,

    /// <summary>Fewer than 30 decisions can be used.</summary>
    TooFew,

    /// <summary>The model could not serve part of the decisions, which are left out.</summary>
    NotAlwaysAble,
}
