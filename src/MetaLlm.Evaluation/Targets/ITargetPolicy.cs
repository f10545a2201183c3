using MetaLlm.Evaluation.Log;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation.Targets;

/// <summary>A policy to evaluate. It is shown the log in its order and asked about each decision before it sees what came of it.</summary>
public interface ITargetPolicy
{
    /// <summary>Name for reports.</summary>
    string Name { get; }

    /// <summary>What to mind when reading its estimates, beside what the log itself says.</summary>
    IEnumerable<string> Notes => [];

    /// <summary>Shows an event.</summary>
    void Apply(TenantEvent tenantEvent);

    /// <summary>Probability of each arm of a decision, in its order; null when the policy cannot be asked there.</summary>
    double[]? Propensities(LoggedDecision logged);
}
