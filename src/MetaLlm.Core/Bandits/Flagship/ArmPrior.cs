namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>What a <see cref="QualityModel"/> knows of one arm beside its matrix.</summary>
/// <param name="Mean">m_a, over the whole context.</param>
/// <param name="Informed">Whether it comes from a warm start, so that the arm needs no first pulls.</param>
internal sealed record ArmPrior(double[] Mean, bool Informed)
{
    /// <summary>Watches whether rewards still agree with predictions.</summary>
    public DriftDetector Drift { get; } = new();
}
