namespace MetaLlm.Chaos.Judging;

/// <summary>How long a tenant that was hit was without an answer of its owner. Times are since the fault began, in seconds.</summary>
/// <param name="Tenant">Which, by number.</param>
/// <param name="From">0; of the database's faults when it was back; where another fault came before the answer, when that began, or was over if nobody can be found out by it.</param>
/// <param name="Until">When it was answered again.</param>
/// <param name="Attempts">What its client tried since the fault began, in words.</param>
internal sealed record Absence(int Tenant, double From, double Until, IReadOnlyList<string> Attempts)
{
    /// <summary>How long it was.</summary>
    public double Seconds => Until - From;
}
