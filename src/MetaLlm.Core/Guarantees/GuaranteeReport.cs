namespace MetaLlm.Core.Guarantees;

/// <summary>How a tenant's guarantee stands.</summary>
[GenerateSerializer, Immutable, Alias("metallm.guarantee-report")]
public sealed record GuaranteeReport
{
    /// <summary>The arm whose answers are the measure.</summary>
    [Id(0)]
    public required string Reference { get; init; }

    /// <summary>Name of what says whether two answers differ.</summary>
    [Id(1)]
    public required string Equality { get; init; }

    /// <summary>Ids of the candidates, in the order that the certificate numbers them in.</summary>
    [Id(2)]
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>What is proven.</summary>
    [Id(3)]
    public required GuaranteeCertificate Certificate { get; init; }

    /// <summary>Decisions that wait for the verdict of a comparison, audits or not.</summary>
    [Id(4)]
    public int Waiting { get; init; }
}
