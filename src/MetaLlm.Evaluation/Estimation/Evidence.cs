namespace MetaLlm.Evaluation.Estimation;

/// <summary>
/// Whether a log carries an estimate of a policy. All of it follows from the propensities of every arm, not from what happened to be drawn: a log that never drew the choices that
/// matter looks flawless by the weights that it has.
/// </summary>
/// <param name="Decisions">Decisions used.</param>
/// <param name="EffectiveSampleSize">Decisions over the mean of sum pi(a)^2 / p(a): how many decisions of the policy itself the log is expected to be worth.</param>
/// <param name="Skewness">Skewness of the mean weight; far from 0, its distribution is nothing like a normal one.</param>
/// <param name="UnexploredShare">Share of the policy's choices that the log makes so seldom that not even <see cref="FewestDraws"/> draws of them are to be expected.</param>
/// <param name="Needed">What more exploration would do; empty when the log carries the estimate.</param>
public sealed record Evidence(
    int Decisions, double EffectiveSampleSize, double Skewness, double UnexploredShare, IReadOnlyList<ExplorationNeed> Needed)
{
    /// <summary>Fewest decisions of the policy itself that estimates and asymptotic intervals are shown for.</summary>
    public const double LeastEffective = 100;

    /// <summary>Largest skewness that they are shown for: that of some 50 rare draws.</summary>
    public const double MostSkewness = 0.14;

    /// <summary>Largest unexplored share that they are shown for, and are widened by.</summary>
    public const double MostUnexplored = 0.01;

    /// <summary>Draws of a choice that are to be expected in the whole log, if the policy always made it.</summary>
    public const double FewestDraws = 20;

    private static readonly double[] Floors = [0.01, 0.02, 0.05, 0.1];

    /// <summary>Whether it does.</summary>
    public bool IsSufficient =>
        EffectiveSampleSize >= LeastEffective && Skewness <= MostSkewness && UnexploredShare <= MostUnexplored;

    /// <summary>Looks at a log.</summary>
    /// <param name="samples">At least one.</param>
    public static Evidence Of(IReadOnlyList<OffPolicySample> samples)
    {
        var largest = samples.Count / FewestDraws;
        var (second, third, unexplored) = Moments(samples, largest, 0);
        var evidence = new Evidence(
            samples.Count,
            second > 0 ? samples.Count * (1 - unexplored) * (1 - unexplored) / second : 0,
            second > 0 ? third / Math.Pow(second, 1.5) / Math.Sqrt(samples.Count) : 0,
            unexplored,
            []);
        return evidence.IsSufficient ? evidence : evidence with { Needed = [.. Floors.Select(floor => Need(samples, floor))] };
    }

    // Decisions at which every condition would hold, if the log's policy were mixed with a uniform one.
    private static ExplorationNeed Need(IReadOnlyList<OffPolicySample> samples, double floor)
    {
        var (second, third, _) = Moments(samples, double.PositiveInfinity, floor);
        var heaviest = samples.Max(s => Enumerable.Range(0, s.Target.Length).Max(a => s.Target[a] > 0 ? s.Target[a] / Mixed(s, a, floor) : 0));
        var forSize = LeastEffective * second;
        var forShape = third * third / (second * second * second) / (MostSkewness * MostSkewness);
        return new ExplorationNeed(floor, (long)Math.Ceiling(Math.Max(Math.Max(forSize, forShape), FewestDraws * heaviest)));
    }

    private static (double Second, double Third, double Unexplored) Moments(IReadOnlyList<OffPolicySample> samples, double largestWeight, double floor)
    {
        var (second, third, unexplored) = (0.0, 0.0, 0.0);
        foreach (var sample in samples)
        {
            for (var a = 0; a < sample.Target.Length; a++)
            {
                var target = sample.Target[a];
                var weight = target > 0 ? target / Mixed(sample, a, floor) : 0;
                if (weight > largestWeight)
                {
                    unexplored += target;
                    continue;
                }

                second += target * weight;
                third += target * weight * weight;
            }
        }

        return (second / samples.Count, third / samples.Count, unexplored / samples.Count);
    }

    private static double Mixed(OffPolicySample sample, int arm, double floor) =>
        ((1 - floor) * sample.Logging[arm]) + (floor / sample.Target.Length);
}
