using MetaLlm.Core.Tenancy;

namespace MetaLlm.WebConsole.Pages.Decisions;

/// <summary>A range of the price weight within which one model has the best score.</summary>
/// <param name="From">Quality per USD at which it begins; 0 for the first.</param>
/// <param name="To">Quality per USD before which it ends; infinite for the last.</param>
/// <param name="Arm">The model.</param>
internal sealed record PriceRange(double From, double To, ArmAssessment Arm)
{
    /// <summary>
    /// Answers from a decision's own predictions which model would have had the best score at which price weight, exploration aside. A score falls by the predicted cost for each unit of the
    /// weight, so that the models' scores are straight lines, and the answer is the upper one of them at each place.
    /// </summary>
    /// <param name="decision">The decision.</param>
    /// <returns>The ranges in ascending order; empty where no model had a score.</returns>
    public static IReadOnlyList<PriceRange> Of(DecisionRecord decision)
    {
        var now = PriceOf(decision);
        var lines = decision.Arms.Where(arm => arm.Score is { } score && double.IsFinite(score) && double.IsFinite(arm.CostUsd)).Select(arm => (Arm: arm, AtZero: arm.Score!.Value + (now * arm.CostUsd))).ToList();
        var ranges = new List<PriceRange>();
        var from = 0.0;
        while (lines.Count > 0)
        {
            var best = lines.MaxBy(line => (line.AtZero - (from * line.Arm.CostUsd), -line.Arm.CostUsd));
            lines.RemoveAll(line => line.Arm.CostUsd >= best.Arm.CostUsd);
            var to = lines.Count == 0 ? double.PositiveInfinity : lines.Min(line => (best.AtZero - line.AtZero) / (best.Arm.CostUsd - line.Arm.CostUsd));
            if (to > from)
            {
                ranges.Add(new PriceRange(from, to, best.Arm));
                from = to;
            }
        }

        return ranges;
    }

    /// <summary>The price weight that a decision was made with, quality per USD.</summary>
    /// <param name="decision">The decision.</param>
    public static double PriceOf(DecisionRecord decision) => decision.Lambda * decision.Preferences.Cost;
}
