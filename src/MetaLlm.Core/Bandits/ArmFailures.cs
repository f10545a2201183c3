using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Bandits;

/// <summary>How often an arm fails, for people.</summary>
/// <param name="Rate">Expected share of attempts that fail, 0 to below 1, by the last few hundred decisions; 0 while none has.</param>
/// <param name="Counts">Failures so far by the number of their <see cref="FailureKind"/>; empty while there are none.</param>
[GenerateSerializer, Immutable, Alias("metallm.arm-failures")]
public sealed record ArmFailures([property: Id(0)] double Rate, [property: Id(1)] IReadOnlyList<long> Counts)
{
    /// <summary>No failure so far.</summary>
    public static ArmFailures None { get; } = new(0, []);

    /// <summary>Failures of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public long Of(FailureKind kind) => (int)kind < Counts.Count ? Counts[(int)kind] : 0;
}
