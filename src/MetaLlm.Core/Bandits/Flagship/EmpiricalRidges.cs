using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>
/// How closely the slopes of a cold tenant's arms are tied to what all arms share, found from the rewards themselves: one ridge for each block of the
/// context, moved by factors of 2 towards what makes the rewards likelier (type II maximum likelihood, MacKay 1992), with a log-normal prior around
/// the ridge that was configured. Where models are specialists the tie loosens; where they differ by their level alone it tightens.
/// </summary>
internal sealed class EmpiricalRidges
{
    // Before that many rewards the likelihood says nothing; then again whenever they have grown by a quarter.
    private const long FirstRewards = 60;
    private const double Growth = 1.25;

    // Standard deviation of the logarithm of a ridge around the configured one, and how far it may go.
    private const double PriorWidth = 1.5;
    private const double LargestFactor = 16;

    private readonly int[][] _groups;
    private readonly double _centre;
    private readonly double[] _ridges;
    private long _rewards;
    private long _next = FirstRewards;

    /// <param name="groups">Positions of each block, without the bias.</param>
    /// <param name="centre">The ridge that was configured, above 0.</param>
    public EmpiricalRidges(IReadOnlyList<int[]> groups, double centre)
    {
        _groups = [.. groups.Where(g => g.Length > 0)];
        _centre = centre;
        _ridges = new double[_groups.Length];
        Array.Fill(_ridges, centre);
    }

    /// <summary>Counts a reward.</summary>
    /// <returns>Whether it is time to move the ridges.</returns>
    public bool Count()
    {
        if (++_rewards < _next)
        {
            return false;
        }

        _next = Math.Max(_rewards + 1, (long)(_rewards * Growth));
        return true;
    }

    /// <summary>Moves each ridge by one step, if that makes the rewards likelier.</summary>
    /// <param name="precision">Prior precision of the slopes, one entry a position; receives the new one.</param>
    /// <param name="grams">Per arm G = sum v z z', packed.</param>
    /// <param name="moments">Per arm sum v (r - m'x - w'z) z: what the shared slopes leave over.</param>
    /// <param name="noise">Variance of a reward around its prediction, above 0.</param>
    public void Move(double[] precision, IReadOnlyList<double[]> grams, IReadOnlyList<double[]> moments, double noise)
    {
        var best = LogEvidence(precision, grams, moments, noise);
        for (var g = 0; g < _groups.Length; g++)
        {
            var chosen = _ridges[g];
            foreach (var ridge in (ReadOnlySpan<double>)[_ridges[g] / 2, _ridges[g] * 2])
            {
                if (ridge < _centre / LargestFactor || ridge > _centre * LargestFactor)
                {
                    continue;
                }

                Set(precision, g, ridge);
                var evidence = LogEvidence(precision, grams, moments, noise);
                if (evidence > best)
                {
                    (best, chosen) = (evidence, ridge);
                }
            }

            Set(precision, g, chosen);
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Long(_rewards);
        writer.Long(_next);
        writer.Doubles(_ridges);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, and puts the ridges where they belong.</summary>
    public void Read(ref StateReader reader, double[] precision)
    {
        _rewards = reader.Long();
        _next = reader.Long();
        reader.Doubles(_ridges);
        for (var g = 0; g < _groups.Length; g++)
        {
            Set(precision, g, _ridges[g]);
        }
    }

    private void Set(double[] precision, int group, double ridge)
    {
        _ridges[group] = ridge;
        foreach (var position in _groups[group])
        {
            precision[position] = ridge;
        }
    }

    // log p(rewards | ridges), but for what does not depend on them: sum over arms of (c'(Lambda + G)^-1 c / s^2 + log|Lambda| - log|Lambda + G|) / 2.
    private double LogEvidence(double[] precision, IReadOnlyList<double[]> grams, IReadOnlyList<double[]> moments, double noise)
    {
        var sum = 0.0;
        foreach (var ridge in _ridges)
        {
            var off = Math.Log(ridge / _centre) / PriorWidth;
            sum -= 0.5 * off * off;
        }

        var logPrior = 0.0;
        foreach (var entry in precision)
        {
            logPrior += Math.Log(entry);
        }

        for (var a = 0; a < grams.Count; a++)
        {
            var factor = (double[])grams[a].Clone();
            PackedMatrix.AddDiagonal(factor, precision);
            PackedMatrix.Cholesky(factor, precision.Length);
            var logDeterminant = 0.0;
            for (int i = 0, e = 0; i < precision.Length; i++, e += i + 1)
            {
                logDeterminant += 2 * Math.Log(factor[e]);
            }

            var solved = (double[])moments[a].Clone();
            PackedMatrix.Solve(factor, solved);
            sum += 0.5 * ((Kernels.Dot(solved, moments[a]) / noise) + logPrior - logDeterminant);
        }

        return sum;
    }
}
