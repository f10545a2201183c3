namespace MetaLlm.Core.Judging;

/// <summary>What a judge's verdicts are worth, by what was measured of it and the tenant's terms. Never changes; safe for concurrent use.</summary>
/// <remarks>
/// From <see cref="FewestPairs"/> answers on that people have rated as well, the weight is the square of the correlation's lower confidence bound (Fisher's z, one-sided 90 %): a corrected verdict tells of
/// a reward's expectation what that share of a person's reward tells. A judge that tells nothing has a bound of at most 0 and so no weight.
/// </remarks>
public sealed class JudgeStanding
{
    /// <summary>Pairs before anything measured counts.</summary>
    public const int FewestPairs = 20;

    /// <summary>Pairs after which a judge without weight is asked no more.</summary>
    public const int MostDoubt = 150;

    /// <summary>Weight of a verdict that is recorded to be compared with people, and not to be learned from.</summary>
    public const double LeastWeight = 0.001;

    private const double OneSided = 1.2815515655446004;

    private JudgeStanding(JudgeStatus status, double weight, VerdictMap map) => (Status, Weight, Map) = (status, weight, map);

    /// <summary>What it counts for.</summary>
    public JudgeStatus Status { get; }

    /// <summary>Weight of a verdict as a reward, 0 to 1.</summary>
    public double Weight { get; }

    /// <summary>Corrects its verdicts.</summary>
    public VerdictMap Map { get; }

    /// <summary>Whether it is asked.</summary>
    public bool IsAsked => Status is not (JudgeStatus.OffError or JudgeStatus.OffUseless);

    /// <summary>The standing of a judge.</summary>
    /// <param name="report">What was measured; null for nothing.</param>
    /// <param name="terms">The tenant's terms.</param>
    public static JudgeStanding Of(JudgeReport? report, JudgeTerms terms)
    {
        if (report is null)
        {
            return new JudgeStanding(JudgeStatus.Trusted, terms.Trust, VerdictMap.Identity);
        }

        if (report.ErrorLow > terms.ErrorBound)
        {
            return new JudgeStanding(JudgeStatus.OffError, 0, VerdictMap.Identity);
        }

        var pairs = report.Pairs;
        var map = VerdictMap.Fit(report.Arms.ToDictionary(arm => arm.ArmId, arm => arm.Pairs, StringComparer.Ordinal));
        if (pairs.Count < FewestPairs)
        {
            return new JudgeStanding(JudgeStatus.Trusted, terms.Trust, map);
        }

        var weight = WeightOf(pairs);
        return weight > 0 ? new JudgeStanding(JudgeStatus.Calibrated, weight, map)
            : new JudgeStanding(pairs.Count < MostDoubt ? JudgeStatus.Doubted : JudgeStatus.OffUseless, 0, map);
    }

    /// <summary>The weight that pairs give a judge, 0 to 1.</summary>
    /// <param name="pairs">Answers with a verdict and a person's reward.</param>
    public static double WeightOf(VerdictMoments pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var correlation = pairs.Correlation;
        if (!(correlation > 0) || pairs.EffectiveCount <= 4)
        {
            return 0;
        }

        var bound = Math.Tanh(Math.Atanh(Math.Min(correlation, 1 - 1e-9)) - (OneSided / Math.Sqrt(pairs.EffectiveCount - 3)));
        return bound > 0 ? bound * bound : 0;
    }

    /// <summary>What several judges together say of an answer: the mean of their corrected verdicts by weight, with the weight that they have together.</summary>
    /// <param name="model">The model that answered.</param>
    /// <param name="verdicts">One or more verdicts, each with the standing of its judge.</param>
    /// <returns>The reward; and its weight, <see cref="LeastWeight"/> to 1. Judges of one answer err alike, so that together they weigh what the best of them does.</returns>
    public static (double Reward, double Weight) Combine(string model, IReadOnlyList<(JudgeVerdict Verdict, JudgeStanding Standing)> verdicts)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        var (sum, weights, most) = (0.0, 0.0, LeastWeight);
        foreach (var (verdict, standing) in verdicts)
        {
            var weight = Math.Max(LeastWeight, standing.Weight);
            sum += weight * standing.Map.Apply(model, verdict.Score);
            weights += weight;
            most = Math.Max(most, weight);
        }

        return (Math.Clamp(sum / weights, 0, 1), most);
    }
}
