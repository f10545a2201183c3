using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>A policy that looks at the query and does not learn: one arm for short queries, another for long ones.</summary>
/// <param name="shortArm">Arm of queries up to the limit.</param>
/// <param name="longArm">Arm of the others.</param>
/// <param name="tokens">The limit, prompt tokens.</param>
internal sealed class LengthRuleTarget(string shortArm, string longArm, double tokens) : ITargetPolicy
{
    /// <inheritdoc/>
    public string Name => "by length";

    /// <inheritdoc/>
    public void Apply(TenantEvent tenantEvent)
    {
    }

    /// <inheritdoc/>
    public double[]? Propensities(LoggedDecision logged)
    {
        var chosen = logged.Decision.InputTokens > tokens ? longArm : shortArm;
        return [.. logged.Decision.Arms.Select(a => a.ArmId == chosen ? 1.0 : 0.0)];
    }
}
