using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>What a stress does to the flagship.</summary>
/// <param name="Name">The stress.</param>
/// <param name="Reward">Mean reward under it.</param>
/// <param name="Difference">Reward beyond the one without it, on the same requests.</param>
/// <param name="Utilisation">Mean cost / budget.</param>
/// <param name="SameState">Whether the learned state is the same to the last bit on every seed, where it must be; else null.</param>
internal sealed record StressResult(string Name, double Reward, RewardSummary Difference, double? Utilisation, bool? SameState)
{
    /// <summary>Compares a run with the one without the stress.</summary>
    public static StressResult Of(Stress stress, ReplayResult result, ReplayResult plain) => new(
        stress.Name,
        result.Report.Reward.Mean,
        Paired(result, plain),
        result.Report.Utilisation,
        stress.LeavesStateAlone ? result.Outcomes.Zip(plain.Outcomes).All(p => p.First.StateHash == p.Second.StateHash) : null);

    /// <summary>Reward of one run beyond another's on the same requests.</summary>
    public static RewardSummary Paired(ReplayResult result, ReplayResult plain) => ReplayReportBuilder.Summary(
        [.. result.Outcomes.Zip(plain.Outcomes, (a, b) => (a.Rows, ReplayReportBuilder.Difference(a.Rewards, b.Rewards)))]);
}
