namespace MetaLlm.Core.Tenancy;

/// <summary>A configuration was refused because the policy would forget what it has learned. The configuration before stays in force.</summary>
/// <param name="forgotten">What it would forget.</param>
[GenerateSerializer, Immutable, Alias("metallm.policy-restart")]
public sealed class PolicyRestartException(ForgottenLearning forgotten)
    : Exception(
        $"Tenant '{forgotten.Tenant}' keeps its configuration: a change of {string.Join(", ", forgotten.Members)} starts the policy anew, which would forget {forgotten}. "
        + "Set the tenant's policyRestart to 'relearn' to learn from the journal what can be learned again, or to 'forget'.")
{
    /// <summary>What the policy would forget.</summary>
    [Id(0), Immutable]
    public ForgottenLearning Forgotten { get; } = forgotten;
}
