namespace MetaLlm.Core.Guarantees;

/// <summary>What is proven of the answers that were served under a guarantee. Each bound holds at all times at once.</summary>
public sealed record GuaranteeCertificate
{
    /// <summary>The largest rate that was promised.</summary>
    public required double Difference { get; init; }

    /// <summary>Confidence of the promise, and of each bound; bounds of topics hold all together.</summary>
    public required double Confidence { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether all requests go to the reference, because more answers than promised are proven to have differed.</summary>
    public required bool Suspended { get; init; }

    /// <summary>Everything together.</summary>
    public required ServedDifference Total { get; init; }

    /// <summary>By topic, in the order of their first request.</summary>
    public required IReadOnlyList<ServedDifference> Topics { get; init; }

    /// <summary>What is known of each candidate in each topic; those whose test has not begun are left out.</summary>
    public required IReadOnlyList<CandidateEvidence> Candidates { get; init; }

    /// <summary>Predicted cost of all answers and of all questions beside, USD.</summary>
    public required double SpentUsd { get; init; }

    /// <summary>The part of it that questions beside cost, USD.</summary>
    public required double BesideUsd { get; init; }

    /// <summary>Predicted cost of the same requests with the reference alone, USD.</summary>
    public required double ReferenceUsd { get; init; }
}
