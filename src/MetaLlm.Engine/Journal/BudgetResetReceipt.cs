using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What became of a reset of a tenant's budgets.</summary>
/// <param name="Sequence">The event's sequence.</param>
/// <param name="Before">What was known before it.</param>
/// <param name="After">What is known now.</param>
[GenerateSerializer, Immutable, Alias("metallm.budget-reset-receipt")]
public sealed record BudgetResetReceipt(
    [property: Id(0)] long Sequence,
    [property: Id(1)] TenantReport Before,
    [property: Id(2)] TenantReport After);
