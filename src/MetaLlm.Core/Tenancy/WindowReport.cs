using MetaLlm.Core.Budgets;

namespace MetaLlm.Core.Tenancy;

/// <summary>How one of the tenant's budgets stands.</summary>
/// <param name="Window">What it is for.</param>
/// <param name="BudgetUsd">USD that the window may cost.</param>
/// <param name="SpentUsd">USD that calls which ended in it have cost.</param>
/// <param name="LeftUsd">What can still be set aside, USD; negative when calls cost more than was set aside for them.</param>
/// <param name="TargetUsdPerRequest">USD per request that spread what is left over the requests expected in the window's rest.</param>
public sealed record WindowReport(BudgetWindow Window, double BudgetUsd, double SpentUsd, double LeftUsd, double TargetUsdPerRequest);
