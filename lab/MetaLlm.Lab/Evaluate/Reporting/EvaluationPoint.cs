using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>One policy with one trade-off on one data set.</summary>
/// <param name="Start"><c>warm</c> or <c>cold</c>.</param>
/// <param name="Features"><c>all</c> or <c>no-task</c>.</param>
/// <param name="NotBelowMix">The verdict: the upper end of the gain's 95 % interval is at least 0.</param>
/// <param name="Report">What the policy earned and spent.</param>
internal sealed record EvaluationPoint(string Start, string Features, bool NotBelowMix, ReplayReport Report)
{
    /// <summary>Judges a report.</summary>
    public static EvaluationPoint Of(ReplayReport report, string start, string features) =>
        new(start, features, PointTable.NotBelowMix(report.Gain), report);
}
