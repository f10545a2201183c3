namespace MetaLlm.Core.Evidence;

/// <summary>A request that was decided, as a purse sees it; spans have an entry for each arm.</summary>
public readonly ref struct EvidenceQuery
{
    /// <summary>Ordinal of the decision.</summary>
    public required long Ordinal { get; init; }

    /// <summary>Index of the arm that serves.</summary>
    public required int Served { get; init; }

    /// <summary>Predicted reward.</summary>
    public required ReadOnlySpan<double> Quality { get; init; }

    /// <summary>Predicted cost, USD.</summary>
    public required ReadOnlySpan<double> CostUsd { get; init; }

    /// <summary>Whether the arm could serve; others are not asked.</summary>
    public required ReadOnlySpan<bool> Feasible { get; init; }

    /// <summary>Shadow price, quality per USD, at least 0.</summary>
    public required double Lambda { get; init; }
}
