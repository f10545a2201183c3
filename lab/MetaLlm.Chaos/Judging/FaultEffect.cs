using MetaLlm.Chaos.Faults;

namespace MetaLlm.Chaos.Judging;

/// <summary>What a fault did to clients.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="JudgedSeconds">Seconds in which tenants that no fault had hit were served, so that they could be judged.</param>
/// <param name="Disturbances">Those in which more than one in a hundred of their attempts failed or waited too long: each with one of those tenants, in words.</param>
/// <param name="FailedSeconds">Those of the disturbed ones in which too many attempts failed; in the others they waited too long.</param>
/// <param name="Absences">For each tenant that was hit, the time until its owner answered again.</param>
/// <param name="Errors">Attempts that came to nothing while it lasted, of all tenants, by label.</param>
internal sealed record FaultEffect(
    FaultRecord Fault,
    int JudgedSeconds,
    IReadOnlyList<string> Disturbances,
    int FailedSeconds,
    IReadOnlyList<Absence> Absences,
    IReadOnlyDictionary<string, int> Errors)
{
    /// <summary>Seconds that were disturbed.</summary>
    public int DisturbedSeconds => Disturbances.Count;

    /// <summary>The longest of the absences.</summary>
    public TimeSpan Gap => TimeSpan.FromSeconds(Absences.Select(absence => absence.Seconds).DefaultIfEmpty().Max());
}
