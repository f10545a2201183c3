namespace MetaLlm.Core.Judging;

/// <summary>
/// Turns a judge's verdict into the reward that people would be expected to give: an increasing line, fitted to the answers that both have rated and drawn towards the identity while those are few, and
/// for each model what people gave more or less beside it.
/// </summary>
/// <remarks>
/// With means F and Y of n pairs, sums of squares about them and K = <see cref="PriorPairs"/>: slope b = max(0, (S_fy + K/12) / (S_ff + K/12)), where 1/12 is the variance of a uniform verdict; line(f) = f + n/(n + K) (Y - F) + (b - 1)(f - F).
/// A model with n_m pairs adds n_m/(n_m + K) times its mean of y - line(f). The result is clipped to [0, 1].
/// </remarks>
public sealed class VerdictMap
{
    /// <summary>Pairs that the identity counts as.</summary>
    public const double PriorPairs = 20;

    private const double PriorVariance = 1.0 / 12;

    private readonly double _mean;
    private readonly double _shift;
    private readonly Dictionary<string, double> _models = new(StringComparer.Ordinal);

    private VerdictMap(double mean, double shift, double slope) => (_mean, _shift, Slope) = (mean, shift, slope);

    /// <summary>The map that changes nothing.</summary>
    public static VerdictMap Identity { get; } = new(0, 0, 1);

    /// <summary>How much a person's reward grows with the verdict, at least 0.</summary>
    public double Slope { get; }

    /// <summary>Fits a map.</summary>
    /// <param name="pairs">By model, the answers with verdict and reward.</param>
    public static VerdictMap Fit(IReadOnlyDictionary<string, VerdictMoments> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var all = pairs.Values.Aggregate(VerdictMoments.None, (sum, one) => sum.Plus(one));
        if (all.Count == 0)
        {
            return Identity;
        }

        // Sums per pair of mean weight 1, so that rarely taken answers do not count as many.
        var (f, y, n) = (all.MeanVerdict, all.MeanReward, all.EffectiveCount);
        var scale = n / all.First.W;
        var prior = PriorPairs * PriorVariance;
        var slope = Math.Max(0, ((all.First.Covariation(f, y) * scale) + prior) / ((all.First.VariationF(f) * scale) + prior));
        var map = new VerdictMap(f, n / (n + PriorPairs) * (y - f), slope);
        foreach (var (model, of) in pairs)
        {
            if (of.Count > 0)
            {
                var left = of.MeanReward - map.Line(of.MeanVerdict);
                map._models[model] = of.EffectiveCount / (of.EffectiveCount + PriorPairs) * left;
            }
        }

        return map;
    }

    /// <summary>The reward to expect.</summary>
    /// <param name="model">The model that answered.</param>
    /// <param name="verdict">The verdict, 0 to 1.</param>
    /// <returns>0 to 1.</returns>
    public double Apply(string model, double verdict) => Math.Clamp(Line(verdict) + _models.GetValueOrDefault(model), 0, 1);

    private double Line(double verdict) => verdict + _shift + ((Slope - 1) * (verdict - _mean));
}
