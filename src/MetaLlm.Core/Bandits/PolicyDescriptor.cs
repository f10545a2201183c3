namespace MetaLlm.Core.Bandits;

/// <summary>A policy that can be chosen by name.</summary>
/// <param name="Name">Name in configuration and on the command line, kebab case.</param>
/// <param name="StateVersion">Version of the learned state's layout; other versions are refused.</param>
/// <param name="Summary">One line for people, with the source of the method.</param>
/// <param name="Options">The numbers that tune it.</param>
/// <param name="Create">Creates an instance without arms.</param>
public sealed record PolicyDescriptor(
    string Name,
    int StateVersion,
    string Summary,
    IReadOnlyList<PolicyOption> Options,
    Func<PolicySetup, IBanditPolicy> Create)
{
    /// <summary>Whether a reward's weight enters the policy's estimate. To others a reward of weight w is shown with probability w.</summary>
    public bool WeighsRewards { get; init; }
}
