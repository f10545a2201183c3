using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Replay;

/// <summary>One policy with one trade-off: the report, and what it was made of.</summary>
/// <param name="Report">The report.</param>
/// <param name="Outcomes">What happened, by seed.</param>
internal sealed record ReplayResult(ReplayReport Report, IReadOnlyList<SeedOutcome> Outcomes);
