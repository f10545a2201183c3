namespace MetaLlm.Storage.Codecs;

/// <summary>Values of the column <c>events.kind</c>.</summary>
internal enum EventKind
{
    Configured = 1,
    Rerouted = 2,
    Settled = 3,
    Rewarded = 4,
    WarmStarted = 5,

    /// <summary>The quiz lies in the column that holds warm starts, in a layout of its own.</summary>
    Quizzed = 6,

    /// <summary>A configuration under which the policy learned anew from the journal.</summary>
    Relearned = 7,

    /// <summary>Budgets began anew; nothing more is said.</summary>
    BudgetReset = 8,

    /// <summary>An owner took in the tenant's others. How far lies in the column that holds warm starts, in a layout of its own.</summary>
    TookIn = 9,

    /// <summary>Rows with the outcomes of several arms, and holes; they lie in the column that holds warm starts, in its layout.</summary>
    Evidenced = 10,

    /// <summary>Two answers were compared. The decision and the verdict lie in the column that holds warm starts, in a layout of their own.</summary>
    Compared = 11,
}
