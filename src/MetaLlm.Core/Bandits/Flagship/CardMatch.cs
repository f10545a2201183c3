using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// Whether cards lie with the arms that they are of: how much better rewards agree with each arm's own card than they would with the same cards dealt to the arms by chance. Mean and variance over
/// all ways to deal them are exact (Hoeffding 1951). Cards that were mixed up are one such way, whatever the scale of the board and the noise of the rewards.
/// </summary>
internal static class CardMatch
{
    // By how many deviations cards are trusted before anything was seen, and the slope of the logistic curve that is nearest to the normal distribution.
    private const double Trust = 0.5;
    private const double Slope = 1.7;

    // Two cards can be dealt in one other way only.
    private const int LeastArms = 3;

    /// <summary>The share of k that stays.</summary>
    /// <param name="scores">Per arm, by how much its rewards point beyond what all arms share: n numbers.</param>
    /// <param name="turns">Per arm, by how much its card differs from the mean of the cards: n numbers.</param>
    /// <param name="noise">Variance of the agreement that counts as chance before rewards have come; above 0.</param>
    /// <returns>Above 0 and below 1; .70 without rewards, and where fewer than three arms have cards.</returns>
    public static double Share(IReadOnlyList<double[]> scores, IReadOnlyList<double[]> turns, double noise) =>
        1 / (1 + Math.Exp(-Slope * (Trust + Deviations(scores, turns, noise))));

    private static double Deviations(IReadOnlyList<double[]> scores, IReadOnlyList<double[]> turns, double noise)
    {
        var arms = scores.Count;
        if (arms < LeastArms)
        {
            return 0;
        }

        var agreement = new double[arms, arms];
        var (ofScore, ofTurn, mean, own) = (new double[arms], new double[arms], 0.0, 0.0);
        for (var i = 0; i < arms; i++)
        {
            for (var j = 0; j < arms; j++)
            {
                var dot = agreement[i, j] = Kernels.Dot(scores[i], turns[j]);
                ofScore[i] += dot / arms;
                ofTurn[j] += dot / arms;
                mean += dot / (arms * arms);
            }

            own += agreement[i, i];
        }

        var variance = noise;
        for (var i = 0; i < arms; i++)
        {
            for (var j = 0; j < arms; j++)
            {
                var apart = agreement[i, j] - ofScore[i] - ofTurn[j] + mean;
                variance += apart * apart / (arms - 1);
            }
        }

        return (own - (arms * mean)) / Math.Sqrt(variance);
    }
}
