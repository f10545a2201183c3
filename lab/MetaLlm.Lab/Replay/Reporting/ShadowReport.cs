using MetaLlm.Lab.Replay.Playing;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What a purse for answers of models that do not serve has bought; means over seeds.</summary>
/// <param name="PurseUsd">What it held, USD.</param>
/// <param name="SpentUsd">What was spent, USD.</param>
/// <param name="MostSpentUsd">The most that a seed spent, USD.</param>
/// <param name="Answers">Answers that were bought.</param>
/// <param name="Rows">Queries that they were answers to.</param>
/// <param name="AnswersByArm">Answers by arm.</param>
internal sealed record ShadowReport(double PurseUsd, double SpentUsd, double MostSpentUsd, double Answers, double Rows, IReadOnlyDictionary<string, double> AnswersByArm)
{
    /// <summary>Sums up what happened by seed; null without a purse.</summary>
    public static ShadowReport? Of(double purseUsd, IReadOnlyList<string> arms, IReadOnlyList<SeedOutcome> outcomes) => purseUsd == 0
        ? null
        : new ShadowReport(
            purseUsd,
            outcomes.Average(o => o.ShadowUsd),
            outcomes.Max(o => o.ShadowUsd),
            outcomes.Average(o => o.ShadowAnswers.Sum()),
            outcomes.Average(o => o.ShadowRows),
            arms.Select((arm, a) => (arm, a)).ToDictionary(one => one.arm, one => outcomes.Average(o => o.ShadowAnswers[one.a])));
}
