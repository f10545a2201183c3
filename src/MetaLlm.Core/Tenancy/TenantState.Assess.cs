namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    /// <summary>What a decision would rest on if it were made now. Changes nothing, and no decision comes of it.</summary>
    /// <param name="request">The query and its conditions.</param>
    /// <param name="at">When.</param>
    /// <param name="heldUsd">As in <see cref="Decide"/>.</param>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    /// <exception cref="ArgumentException">A feature vector or the preference weights is out of range.</exception>
    public QueryAssessment Assess(DecisionRequest request, DateTimeOffset at, double heldUsd = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var decision = Decide(request, at, heldUsd);
            return new QueryAssessment(decision.InputTokens, decision.Arms);
        }
        catch (NoFeasibleArmException refusal)
        {
            return new QueryAssessment(request.Features.InputTokens, [.. refusal.Exclusions.Select(arm => new ArmAssessment(arm.Key, 0, 0, 0, 0, null, 0, arm.Value))]);
        }
    }
}
