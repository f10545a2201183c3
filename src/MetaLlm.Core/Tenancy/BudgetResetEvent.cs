namespace MetaLlm.Core.Tenancy;

/// <summary>
/// Budgets begin anew at the time of the event: the windows that are open then have spent nothing, shadow prices start as at first, and what was noted of a later time
/// is forgotten. What calls that run have set aside stays, and so does what was spent in all.
/// </summary>
public sealed record BudgetResetEvent : TenantEvent;
