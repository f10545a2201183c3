using MetaLlm.Chaos.Judging;

namespace MetaLlm.Chaos.Reporting;

/// <summary>One fault, for the report. Times are in seconds since the campaign began, or long.</summary>
internal sealed record FaultLine(
    int Number,
    string Kind,
    int? Host,
    double At,
    double Lasted,
    double Recovered,
    double? Detected,
    double Resumed,
    int Judged,
    int Disturbed,
    int Failed,
    IReadOnlyList<Absence> Victims,
    IReadOnlyList<string> Disturbances);
