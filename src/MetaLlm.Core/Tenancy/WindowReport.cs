using MetaLlm.Core.Budgets;

namespace MetaLlm.Core.Tenancy;

/// <summary>How one of the tenant's budgets stands.</summary>
/// <param name="Window">What it is for.</param>
/// <param name="BudgetUsd">USD that the window may cost.</param>
/// <param name="SpentUsd">USD that calls which ended in it have cost.</param>
/// <param name="LeftUsd">What can still be set aside, USD; negative when calls cost more than was set aside for them.</param>
/// <param name="TargetUsdPerRequest">USD per request that spread what is left over the requests expected in the window's rest; NaN for the hard cap, which paces nothing.</param>
/// <param name="EndsAt">When the window ends, UTC.</param>
[GenerateSerializer, Immutable, Alias("metallm.window-report")]
public sealed record WindowReport(
    [property: Id(0)] BudgetWindow Window,
    [property: Id(1)] double BudgetUsd,
    [property: Id(2)] double SpentUsd,
    [property: Id(3)] double LeftUsd,
    [property: Id(4)] double TargetUsdPerRequest,
    [property: Id(5)] DateTimeOffset EndsAt = default);
