namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>One arm's part of a <see cref="QualityModel"/>.</summary>
/// <param name="PriorMean">m_a.</param>
/// <param name="Inverse">P_a, packed.</param>
/// <param name="Sum">b_a.</param>
/// <param name="Theta">theta_a, kept in step with the others.</param>
/// <param name="Informed">Whether the prior comes from a warm start, so that the arm needs no first pulls.</param>
internal sealed record ArmQuality(double[] PriorMean, double[] Inverse, double[] Sum, double[] Theta, bool Informed)
{
    /// <summary>Watches whether rewards still agree with predictions.</summary>
    public DriftDetector Drift { get; } = new();
}
