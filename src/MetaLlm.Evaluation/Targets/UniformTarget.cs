using MetaLlm.Evaluation.Log;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation.Targets;

/// <summary>Every arm that could be chosen, equally often.</summary>
public sealed class UniformTarget : ITargetPolicy
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public void Apply(TenantEvent tenantEvent)
    {
    }

    /// <inheritdoc/>
    public double[]? Propensities(LoggedDecision logged)
    {
        var arms = logged.Decision.Arms;
        double feasible = arms.Count(a => a.Exclusion is null);
        return [.. arms.Select(a => a.Exclusion is null ? 1 / feasible : 0)];
    }
}
