namespace MetaLlm.Core.Guarantees;

/// <summary>What is promised: answers that differ from those of a reference model in at most a share of the requests.</summary>
public sealed record GuaranteeSettings
{
    /// <summary>Largest share of requests that may be audited.</summary>
    public const double LargestAuditShare = 0.5;

    /// <summary>The arm whose answers are the measure. It serves until others are proven.</summary>
    public required string Reference { get; init; }

    /// <summary>Largest rate of answers that differ from the reference's, above 0 and below 1.</summary>
    public double Difference { get; init; } = 0.05;

    /// <summary>Probability with which the promise holds at all times at once, 0.5 to below 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Share of the requests served by another arm in which the reference is asked beside, above 0 to 0.5.</summary>
    public double AuditShare { get; init; } = 0.05;

    /// <summary>Most that questions to candidates beside the reference may cost, as a share of what the reference alone would have cost; 0 to 1.</summary>
    public double Purse { get; init; } = 0.1;

    /// <summary>Name of what says whether two answers differ. What was compared by another is no evidence; empty where there is one way alone.</summary>
    public string Equality { get; init; } = "";

    /// <summary>Whether what was proven under other settings is proven under these.</summary>
    internal bool Continues(GuaranteeSettings other) => this == other with { Purse = Purse };

    /// <summary>What is wrong with the settings: the name of a member, and what is legal.</summary>
    public IEnumerable<(string Member, string Message)> Problems()
    {
        if (string.IsNullOrEmpty(Reference))
        {
            yield return (nameof(Reference), "must name an arm.");
        }

        if (!(Difference is > 0 and < 1))
        {
            yield return (nameof(Difference), $"is {Difference}; it must be above 0 and below 1.");
        }

        if (!(Confidence is >= 0.5 and < 1))
        {
            yield return (nameof(Confidence), $"is {Confidence}; it must be 0.5 to below 1.");
        }

        if (!(AuditShare is > 0 and <= LargestAuditShare))
        {
            yield return (nameof(AuditShare), $"is {AuditShare}; it must be above 0 and at most {LargestAuditShare}.");
        }

        if (!(Purse is >= 0 and <= 1))
        {
            yield return (nameof(Purse), $"is {Purse}; it must be 0 to 1.");
        }
    }
}
