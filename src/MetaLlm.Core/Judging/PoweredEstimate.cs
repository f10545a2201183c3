namespace MetaLlm.Core.Judging;

/// <summary>A mean with its interval.</summary>
/// <param name="Mean">The estimate; NaN where nothing is known.</param>
/// <param name="Low">The least that it is, at the confidence asked for.</param>
/// <param name="High">The most.</param>
/// <param name="Factor">How much verdicts count in it, 0 (people alone) to 1.</param>
public readonly record struct PoweredEstimate(double Mean, double Low, double High, double Factor)
{
    /// <summary>Half the interval's width.</summary>
    public double HalfWidth => (High - Low) / 2;
}
