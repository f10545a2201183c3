namespace MetaLlm.Chaos.Reporting;

/// <summary>What faults of one kind did. Times are in seconds; null where there is nothing to tell.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Undetected">How many that should have been found out by the other hosts were over before.</param>
/// <param name="DetectionMedian">From its begin until the other hosts had declared the host dead.</param>
/// <param name="DetectionWorst">The longest such time.</param>
/// <param name="ResumptionMedian">The longest that a tenant that was hit was without an answer; for the database's faults, after it was back.</param>
/// <param name="ResumptionWorst">The longest such time.</param>
/// <param name="JudgedSeconds">Seconds in which tenants that were not hit could be judged.</param>
/// <param name="DisturbedSeconds">Those in which they were disturbed.</param>
/// <param name="FailedSeconds">Those of the disturbed ones in which they saw an error; in the others they waited too long.</param>
/// <param name="DisturbedMedian">The same, for a fault.</param>
/// <param name="DisturbedWorst">The same, for the worst fault.</param>
/// <param name="OverLimit">Faults that disturbed for longer than is promised.</param>
/// <param name="Errors">Attempts of clients that came to nothing meanwhile, by label.</param>
internal sealed record KindSummary(
    string Kind,
    int Count,
    int Undetected,
    double? DetectionMedian,
    double? DetectionWorst,
    double? ResumptionMedian,
    double? ResumptionWorst,
    int JudgedSeconds,
    int DisturbedSeconds,
    int FailedSeconds,
    double DisturbedMedian,
    int DisturbedWorst,
    int OverLimit,
    IReadOnlyDictionary<string, int> Errors);
