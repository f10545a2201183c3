namespace MetaLlm.Simulator.Models;

/// <summary>
/// Mean log-probabilities that tell right answers from wrong ones with a stated quality: normal numbers of equal variance, whose means differ by sqrt(2) times the normal quantile of the AUC.
/// </summary>
public static class NormalConfidence
{
    // Where log-probabilities lie: about -1.25, and a quarter around it.
    private const double Centre = 5;
    private const double Scale = 4;

    /// <summary>Mean log-probability of every answer where confidence tells nothing.</summary>
    public const double Constant = -Centre / Scale;

    /// <summary>How far right answers lie from wrong ones, in standard deviations.</summary>
    /// <param name="auc">Probability that a right answer shows more confidence than a wrong one, 0.5 to below 1.</param>
    public static double Distance(double auc) => Math.Sqrt(2) * Quantile(auc);

    /// <summary>What an answer shows, at most 0.</summary>
    /// <param name="distance">Of right answers from wrong ones.</param>
    /// <param name="score">How right it is, 0 to 1.</param>
    /// <param name="first">A uniform number in [0, 1).</param>
    /// <param name="second">Another one.</param>
    public static double MeanLogProbability(double distance, double score, double first, double second)
    {
        // Box and Muller (1958).
        var normal = Math.Sqrt(-2 * Math.Log(1 - first)) * Math.Cos(2 * Math.PI * second);
        return Math.Min(0, ((distance * score) + normal - Centre) / Scale);
    }

    // By halving: the distribution by its integral, which is exact enough to any digit that is printed.
    private static double Quantile(double probability)
    {
        var (low, high) = (0.0, 8.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Below(middle) < probability ? (middle, high) : (low, middle);
        }

        return high;
    }

    // Simpson's rule from 0, where half is below.
    private static double Below(double x)
    {
        const int Steps = 400;
        var width = x / Steps;
        double Density(int i) => Math.Exp(-0.5 * i * i * width * width) / Math.Sqrt(2 * Math.PI);
        var sum = Density(0) + Density(Steps);
        for (var i = 1; i < Steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Density(i);
        }

        return 0.5 + (sum * width / 3);
    }
}
