using MetaLlm.Chaos.Faults;

namespace MetaLlm.Chaos.Judging;

/// <summary>What a fault did to clients.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="JudgedSeconds">Seconds in which tenants that no fault had hit were served, so that they could be judged.</param>
/// <param name="DisturbedSeconds">Those in which such a tenant saw an error, or waited too long.</param>
/// <param name="FailedSeconds">Those of the disturbed ones in which such a tenant saw an error; in the others it waited too long.</param>
/// <param name="Gap">The longest time that a tenant that was hit was without an answer; for the database's faults, after it was back.</param>
/// <param name="Errors">Attempts that came to nothing while it lasted, of all tenants, by label.</param>
internal sealed record FaultEffect(
    FaultRecord Fault, int JudgedSeconds, int DisturbedSeconds, int FailedSeconds, TimeSpan Gap, IReadOnlyDictionary<string, int> Errors);
