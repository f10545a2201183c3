using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Imputation;

/// <summary>How long one arm's answers are and how long they take.</summary>
internal struct CallScales
{
    private const double LeastLogTokens = 0.05;
    private const double LeastSeconds = 0.01;

    private CallScale _tokens;
    private CallScale _latency;

    /// <summary>The signals of a call: ln(output tokens) and seconds, both standardised.</summary>
    public readonly (double Tokens, double Latency) Score(double outputTokens, double seconds) =>
        (_tokens.Score(Log(outputTokens), LeastLogTokens), _latency.Score(seconds, LeastSeconds));

    /// <summary>Takes in a completed call.</summary>
    public void Observe(double outputTokens, double seconds)
    {
        _tokens.Observe(Log(outputTokens));
        _latency.Observe(seconds);
    }

    public readonly void Write(StateWriter writer)
    {
        _tokens.Write(writer);
        _latency.Write(writer);
    }

    public static CallScales Read(ref StateReader reader) =>
        new() { _tokens = CallScale.Read(ref reader), _latency = CallScale.Read(ref reader) };

    private static double Log(double outputTokens) => outputTokens > 0 ? Math.Log(outputTokens) : double.NaN;
}
