namespace MetaLlm.Core.Tenancy;

/// <summary>
/// An owner has taken in what the other owners of its tenant have decided and been told since the last such event. It names how far, and holds none of it: whoever folds it reads the
/// others' journals, hands what comes next to <see cref="TenantState.TakeIn(int, DecisionRecord)"/> and <see cref="TenantState.TakeIn(int, TenantEvent)"/>, and applies the event at last.
/// </summary>
public sealed record TookInEvent : TenantEvent
{
    /// <summary>How far each of the others was read; those of whom there was nothing new may be missing.</summary>
    public required IReadOnlyList<TakenPosition> Positions { get; init; }
}
