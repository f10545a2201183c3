using MetaLlm.Evaluation.Log;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation.Targets;

/// <summary>Always the same arm; decisions in which it could not be chosen are left out.</summary>
/// <param name="armId">The arm.</param>
public sealed class FixedArmTarget(string armId) : ITargetPolicy
{
    /// <inheritdoc/>
    public string Name => $"arm {armId}";

    /// <inheritdoc/>
    public void Apply(TenantEvent tenantEvent)
    {
    }

    /// <inheritdoc/>
    public double[]? Propensities(LoggedDecision logged)
    {
        var arms = logged.Decision.Arms;
        return arms.Any(a => a.ArmId == armId && a.Exclusion is null) ? [.. arms.Select(a => a.ArmId == armId ? 1.0 : 0.0)] : null;
    }
}
