using MetaLlm.Engine.Journal;

namespace MetaLlm.Evaluation.Learning;

/// <summary>
/// How far a part of the decisions fell behind the best that was in sight: the best score of the models that could serve, less the expected score by the probabilities with which they
/// were to be chosen. It is what exploration gives up as the policy sees it. What the policy does not know it does not show.
/// </summary>
/// <param name="At">When the part begins.</param>
/// <param name="Regret">Mean of the difference, in units of reward, at least 0.</param>
/// <param name="Decisions">Decisions of the part.</param>
public sealed record RegretPoint(DateTimeOffset At, double Regret, int Decisions)
{
    private const int Parts = 20;
    private const int FewestOfPart = 10;

    /// <summary>Cuts decisions into parts of equal size.</summary>
    /// <param name="decisions">Decisions by time.</param>
    public static IReadOnlyList<RegretPoint> Of(IReadOnlyList<StoredDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        StoredDecision[] free = [.. decisions.Where(one => LearningPoints.IsFree(one.Decision) && one.Decision.Arms.Any(arm => arm.Score is not null))];
        var size = Math.Max(FewestOfPart, (free.Length + Parts - 1) / Parts);
        return [.. free.Chunk(size).Where(part => part.Length >= FewestOfPart).Select(part => new RegretPoint(part[0].Decision.At, part.Average(Behind), part.Length))];
    }

    private static double Behind(StoredDecision one)
    {
        var (best, expected, mass) = (double.NegativeInfinity, 0.0, 0.0);
        foreach (var arm in one.Decision.Arms)
        {
            if (arm.Score is { } score && double.IsFinite(score))
            {
                best = Math.Max(best, score);
                expected += arm.Propensity * score;
                mass += arm.Propensity;
            }
        }

        return mass > 0 ? Math.Max(0, best - (expected / mass)) : 0;
    }
}
