using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>
/// Weights of a logistic regression with a normal prior around zero, learned one outcome at a time: a step of Newton's method on the outcome's likelihood beside a normal approximation of what
/// was known before. Old outcomes fade, so that calibration follows.
/// </summary>
internal sealed class LogisticWeights
{
    private const int Size = AnswerSignals.Count;

    // Outcomes after which what was known weighs a third.
    private const double Memory = 4000;

    // Where an outcome is all but certain it still says something.
    private const double LeastCurvature = 0.02;

    private readonly double[] _prior;
    private readonly double[] _weights = new double[Size];
    private readonly double[] _covariance = new double[Size * Size];

    /// <param name="constantVariance">Prior variance of the constant's weight.</param>
    /// <param name="signalVariance">Prior variance of the other weights.</param>
    public LogisticWeights(double constantVariance, double signalVariance)
    {
        _prior = new double[Size];
        for (var i = 0; i < Size; i++)
        {
            _prior[i] = i == 0 ? constantVariance : signalVariance;
            _covariance[(i * Size) + i] = _prior[i];
        }
    }

    /// <summary>The weighted sum of signals.</summary>
    public double Dot(ReadOnlySpan<double> signals)
    {
        var sum = 0.0;
        for (var i = 0; i < Size; i++)
        {
            sum += _weights[i] * signals[i];
        }

        return sum;
    }

    /// <summary>Variance of the weighted sum.</summary>
    public double Variance(ReadOnlySpan<double> signals)
    {
        var sum = 0.0;
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                sum += signals[i] * _covariance[(i * Size) + j] * signals[j];
            }
        }

        return Math.Max(0, sum);
    }

    /// <summary>Learns from an outcome.</summary>
    /// <param name="signals">The signals.</param>
    /// <param name="predicted">The probability that all weights together gave.</param>
    /// <param name="outcome">0 to 1.</param>
    public void Observe(ReadOnlySpan<double> signals, double predicted, double outcome)
    {
        Fade();
        Span<double> direction = stackalloc double[Size];
        var spread = 0.0;
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                direction[i] += _covariance[(i * Size) + j] * signals[j];
            }

            spread += direction[i] * signals[i];
        }

        var curvature = Math.Max(LeastCurvature, predicted * (1 - predicted));
        var shrink = curvature / (1 + (curvature * spread));
        for (var i = 0; i < Size; i++)
        {
            // The covariance after the outcome, times the signals, is the direction over 1 + curvature x spread.
            _weights[i] += direction[i] / (1 + (curvature * spread)) * (outcome - predicted);
            for (var j = 0; j < Size; j++)
            {
                _covariance[(i * Size) + j] -= shrink * direction[i] * direction[j];
            }
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_weights);
        writer.Doubles(_covariance);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_weights);
        reader.Doubles(_covariance);
    }

    // Scaled by one factor, rows and columns alike, a matrix stays one of covariances; no variance exceeds its prior.
    private void Fade()
    {
        Span<double> scale = stackalloc double[Size];
        for (var i = 0; i < Size; i++)
        {
            scale[i] = Math.Sqrt(Math.Min(1 + (1 / Memory), _prior[i] / _covariance[(i * Size) + i]));
        }

        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                _covariance[(i * Size) + j] *= scale[i] * scale[j];
            }
        }
    }
}
