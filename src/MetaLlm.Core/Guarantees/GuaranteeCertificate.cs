namespace MetaLlm.Core.Guarantees;

/// <summary>What is proven of the answers that were served under a guarantee. Each bound holds at all times at once.</summary>
[GenerateSerializer, Immutable, Alias("metallm.guarantee-certificate")]
public sealed record GuaranteeCertificate
{
    /// <summary>The largest rate that was promised.</summary>
    [Id(0)]
    public required double Difference { get; init; }

    /// <summary>Confidence of the promise, and of each bound; bounds of topics hold all together.</summary>
    [Id(1)]
    public required double Confidence { get; init; }

    /// <summary>When it began.</summary>
    [Id(2)]
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether all requests go to the reference, because more answers than promised are proven to have differed.</summary>
    [Id(3)]
    public required bool Suspended { get; init; }

    /// <summary>Everything together.</summary>
    [Id(4)]
    public required ServedDifference Total { get; init; }

    /// <summary>By topic, in the order of their first request.</summary>
    [Id(5)]
    public required IReadOnlyList<ServedDifference> Topics { get; init; }

    /// <summary>What is known of each candidate in each topic; those whose test has not begun are left out.</summary>
    [Id(6)]
    public required IReadOnlyList<CandidateEvidence> Candidates { get; init; }

    /// <summary>Predicted cost of all answers and of all questions beside, USD.</summary>
    [Id(7)]
    public required double SpentUsd { get; init; }

    /// <summary>The part of it that questions beside cost, USD.</summary>
    [Id(8)]
    public required double BesideUsd { get; init; }

    /// <summary>Predicted cost of the same requests with the reference alone, USD.</summary>
    [Id(9)]
    public required double ReferenceUsd { get; init; }

    /// <summary>Differences that were used up: the bounds of all requests that another arm served, added up.</summary>
    [Id(10)]
    public required double UsedUp { get; init; }

    /// <summary>Differences that were allowed: the promised rate of all requests.</summary>
    [Id(11)]
    public required double Allowed { get; init; }

    /// <summary>Audits whose verdict is still to come; each counts as a difference.</summary>
    [Id(12)]
    public required long Pending { get; init; }

    /// <summary>What each candidate served.</summary>
    [Id(13)]
    public required IReadOnlyList<ServedCandidate> Arms { get; init; }
}
