namespace MetaLlm.Core.Tenancy;

/// <summary>Every arm is excluded for a request.</summary>
/// <param name="exclusions">Arm id and reason (see <see cref="ArmExclusions"/>), for every arm.</param>
[GenerateSerializer, Immutable, Alias("metallm.no-feasible-arm")]
public sealed class NoFeasibleArmException(IReadOnlyList<KeyValuePair<string, string>> exclusions)
    : Exception("No arm can serve the request: " + string.Join(", ", exclusions.Select(e => $"{e.Key}: {e.Value}")) + ".")
{
    /// <summary>Arm id and reason, for every arm.</summary>
    [Id(0), Immutable]
    public IReadOnlyList<KeyValuePair<string, string>> Exclusions { get; } = exclusions;

    /// <summary>How long until an arm that is unhealthy may be tried again; null where nobody knows.</summary>
    [Id(1)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What stands in the way where an arm is excluded as <see cref="ArmExclusions.OverHardCap"/>; else null.</summary>
    [Id(2)]
    public HardCapRefusal? HardCap { get; init; }
}
