using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Judging;

/// <summary>
/// Takes the answers of which a verdict tells most: those whose model's quality is uncertain, where that could change which model is best. Each answer's probability is known before it is drawn and at least
/// a quarter of the share, so that means over all answers can be estimated. One caller at a time.
/// </summary>
/// <remarks>
/// An answer's use is s phi((v_1 - v_2) / d), with s the standard deviation of the predicted quality of the model that answers, v_1 and v_2 what was maximised for it and for the best other, and d that of the two predictions together.
/// With q its use over the mean use of the decisions before, within 1/4 and 4, its probability is share (1 + (1 - share)(q - 1)), 1 at most: a small share follows the use, and a share of 1 takes all.
/// </remarks>
public sealed class VerdictSampler
{
    private const double Narrowest = 0.25;
    private const double Widest = 4;
    private const double Memory = 0.99;

    // Keeps these draws apart from all others that are made of a decision's id.
    private const ulong Stream = 0x0D6E_5EED_0000_0042;

    private double _mean;
    private double _seen;

    /// <summary>The probability with which an answer is taken. The answer counts for those after it.</summary>
    /// <param name="decision">The decision behind it.</param>
    /// <param name="share">Share of the answers to take, above 0 to 1.</param>
    /// <returns>Above 0 to 1.</returns>
    public double Inclusion(DecisionRecord decision, double share)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var use = UseOf(decision);
        var relative = _seen > 0 && _mean > 0 ? Math.Clamp(use / (_mean / _seen), Narrowest, Widest) : 1;
        (_mean, _seen) = ((Memory * _mean) + use, (Memory * _seen) + 1);
        return Math.Min(1, share * (1 + ((1 - share) * (relative - 1))));
    }

    /// <summary>Whether an answer is taken: a draw that only its id decides, so that every process that asks gets the same.</summary>
    /// <param name="decisionId">The decision.</param>
    /// <param name="inclusion">The probability.</param>
    public static bool Takes(string decisionId, double inclusion) => CounterRandom.Uniform(TextHash.Of(decisionId) ^ Stream, 0) < inclusion;

    /// <summary>How much a verdict on the chosen model's answer could tell, at least 0.</summary>
    /// <param name="decision">The decision.</param>
    public static double UseOf(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        ArmAssessment? chosen = null, other = null;
        foreach (var arm in decision.Arms)
        {
            if (arm.ArmId == decision.ChosenArm)
            {
                chosen = arm;
            }
            else if (arm.Score is { } score && double.IsFinite(score) && !(other?.Score >= score))
            {
                other = arm;
            }
        }

        if (chosen is null || !(chosen.QualityDeviation > 0) || !double.IsFinite(chosen.QualityDeviation))
        {
            return 0;
        }

        if (other?.Score is not { } best || chosen.Score is not { } own || !double.IsFinite(own))
        {
            return chosen.QualityDeviation * Narrowest;
        }

        var spread = Math.Sqrt((chosen.QualityDeviation * chosen.QualityDeviation) + (double.IsFinite(other.QualityDeviation) ? other.QualityDeviation * other.QualityDeviation : 0));
        var gap = (own - best) / spread;
        return chosen.QualityDeviation * Math.Exp(-0.5 * gap * gap);
    }
}
