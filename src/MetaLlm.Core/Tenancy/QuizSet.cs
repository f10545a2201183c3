namespace MetaLlm.Core.Tenancy;

/// <summary>
/// What one arm answered to some queries, beside what other arms answered to them where that is known. Where a row's reward of another arm is NaN,
/// nothing is known of that arm's answer.
/// </summary>
[GenerateSerializer, Immutable, Alias("metallm.quiz-set")]
public sealed record QuizSet
{
    /// <summary>Fewest rows.</summary>
    public const int FewestRows = 1;

    /// <summary>Most rows of one quiz; for more there is the warm start.</summary>
    public const int MostRows = 500;

    /// <summary>The arm that was asked; one of <see cref="WarmStartSet.ArmIds"/>, and its outcomes are complete.</summary>
    [Id(0)]
    public required string ArmId { get; init; }

    /// <summary>The queries and outcomes, <see cref="FewestRows"/> to <see cref="MostRows"/> rows; arms that the tenant has not are passed over.</summary>
    [Id(1)]
    public required WarmStartSet Outcomes { get; init; }
}
