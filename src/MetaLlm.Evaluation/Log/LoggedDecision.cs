using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation.Log;

/// <summary>A decision of the log and what became of it.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Configuration">The tenant's configuration when it was made.</param>
public sealed record LoggedDecision(DecisionRecord Decision, TenantConfiguration Configuration)
{
    /// <summary>Whether another arm took over from the chosen one.</summary>
    public bool Rerouted { get; set; }

    /// <summary>What the call cost, USD; null while it is not settled.</summary>
    public double? CostUsd { get; set; }

    /// <summary>The reward in force; null without feedback.</summary>
    public double? Reward { get; set; }
}
