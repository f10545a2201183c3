using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Imputation;

/// <summary>Mean and variance of one measure of one arm's calls, over the last few hundred: what the measure is standardised with.</summary>
internal struct CallScale
{
    private const double Memory = 500;
    private const double FewestCalls = 10;
    private const double LargestScore = 3;

    private double _calls;
    private double _mean;
    private double _variance;

    /// <summary>(value - mean) / deviation within [-3, 3]; 0 while the arm is hardly known, or when the value is not.</summary>
    /// <param name="value">The measure; NaN when it is not known.</param>
    /// <param name="least">Least deviation, so that what hardly varies is no signal.</param>
    public readonly double Score(double value, double least) => _calls < FewestCalls || !double.IsFinite(value)
        ? 0
        : Math.Clamp((value - _mean) / Math.Max(least, Math.Sqrt(_variance)), -LargestScore, LargestScore);

    /// <summary>Takes in a call; a measure that is not known changes nothing.</summary>
    public void Observe(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        _calls = Math.Min(_calls + 1, Memory);
        var surprise = value - _mean;
        _mean += surprise / _calls;
        _variance += ((surprise * (value - _mean)) - _variance) / _calls;
    }

    public readonly void Write(StateWriter writer)
    {
        writer.Double(_calls);
        writer.Double(_mean);
        writer.Double(_variance);
    }

    public static CallScale Read(ref StateReader reader) =>
        new() { _calls = reader.Double(), _mean = reader.Double(), _variance = reader.Double() };
}
