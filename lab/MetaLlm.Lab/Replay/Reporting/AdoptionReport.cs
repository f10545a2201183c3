namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Whether and when a policy took a new arm up.</summary>
/// <param name="Adopted">Seeds in which the new arm's share in the last phase is at least 5 %.</param>
/// <param name="Rejected">The other seeds.</param>
/// <param name="MedianStep">
/// Median over adopting seeds of the adoption step: the requests from the arm's arrival to the end of the first window of 50 from which on the next
/// 50 windows (each one request later) all hold at least half the arm's share of the last phase. Null when no seed adopted.
/// </param>
/// <param name="LastStep">The latest adoption step of any adopting seed; null when no seed adopted.</param>
/// <param name="SettledShare">Mean share of the arm in the last phase.</param>
internal sealed record AdoptionReport(int Adopted, int Rejected, double? MedianStep, int? LastStep, double SettledShare);
