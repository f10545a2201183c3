using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>Cumulative regret against the best arm of each query, without a budget, mean over seeds.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Start"><c>warm</c> or <c>cold</c>.</param>
/// <param name="Features"><c>all</c> or <c>no-task</c>.</param>
/// <param name="Requests">Number of requests.</param>
/// <param name="Regret">Regret up to then.</param>
internal sealed record RegretCurve(string Policy, string Start, string Features, IReadOnlyList<double> Requests, IReadOnlyList<double> Regret)
{
    /// <summary>The curve of a run.</summary>
    public static RegretCurve Of(ReplayResult result, string start, string features)
    {
        var curve = Plots.Regret([result]).Series[0];
        return new RegretCurve(result.Report.Policy, start, features, curve.X, curve.Y);
    }
}
