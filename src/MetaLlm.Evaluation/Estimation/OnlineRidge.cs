namespace MetaLlm.Evaluation.Estimation;

/// <summary>Ridge regression that takes in one row at a time (recursive least squares, Sherman and Morrison 1950).</summary>
internal sealed class OnlineRidge
{
    private readonly double[] _inverse;
    private readonly double[] _theta;
    private readonly double[] _gain;

    /// <summary>Starts with coefficients 0.</summary>
    /// <param name="dimension">Length of the rows.</param>
    /// <param name="ridge">Precision of the prior, above 0.</param>
    public OnlineRidge(int dimension, double ridge)
    {
        _inverse = new double[dimension * dimension];
        _theta = new double[dimension];
        _gain = new double[dimension];
        for (var i = 0; i < dimension; i++)
        {
            _inverse[(i * dimension) + i] = 1 / ridge;
        }
    }

    /// <summary>Predicted value.</summary>
    public double Predict(ReadOnlySpan<float> x)
    {
        var sum = 0.0;
        for (var i = 0; i < _theta.Length; i++)
        {
            sum += _theta[i] * x[i];
        }

        return sum;
    }

    /// <summary>Takes in a row.</summary>
    public void Learn(ReadOnlySpan<float> x, double value)
    {
        var error = value - Predict(x);
        var scale = 1 + Multiply(x);
        var d = _theta.Length;
        for (var i = 0; i < d; i++)
        {
            _theta[i] += _gain[i] * error / scale;
            for (var j = 0; j < d; j++)
            {
                _inverse[(i * d) + j] -= _gain[i] * _gain[j] / scale;
            }
        }
    }

    /// <summary>Changes the value of a row taken in before by a difference; the rows stay what they were.</summary>
    public void Correct(ReadOnlySpan<float> x, double difference)
    {
        Multiply(x);
        for (var i = 0; i < _theta.Length; i++)
        {
            _theta[i] += _gain[i] * difference;
        }
    }

    // gain = inverse * x; returns x' * gain.
    private double Multiply(ReadOnlySpan<float> x)
    {
        var d = _theta.Length;
        var quadratic = 0.0;
        for (var i = 0; i < d; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < d; j++)
            {
                sum += _inverse[(i * d) + j] * x[j];
            }

            _gain[i] = sum;
            quadratic += sum * x[i];
        }

        return quadratic;
    }
}
