using MetaLlm.Core.Guarantees;

namespace MetaLlm.Lab.Replay.Guarantees;

/// <summary>What became of a guarantee on one seed's stream.</summary>
internal sealed record GuaranteeOutcome
{
    /// <summary>Recorded cost of the answers, USD per request.</summary>
    public required double ServedUsd { get; init; }

    /// <summary>Recorded cost of the questions beside, USD per request.</summary>
    public required double BesideUsd { get; init; }

    /// <summary>Recorded cost of the reference alone, USD per request.</summary>
    public required double ReferenceUsd { get; init; }

    /// <summary>Cost of the last quarter of the requests, questions beside included, over that of the reference alone.</summary>
    public required double LateShare { get; init; }

    /// <summary>Mean score of the answers.</summary>
    public required double Score { get; init; }

    /// <summary>Mean score of the reference.</summary>
    public required double ReferenceScore { get; init; }

    /// <summary>Share of the answers that differed from the reference's.</summary>
    public required double Differing { get; init; }

    /// <summary>Mean over requests of the rate, in all recorded rows of the topic, at which the serving arm differs.</summary>
    public required double ExpectedDiffering { get; init; }

    /// <summary>Whether that mean was above the promise after any request.</summary>
    public required bool Violated { get; init; }

    /// <summary>What was certified at the end.</summary>
    public required GuaranteeCertificate Certificate { get; init; }
}
