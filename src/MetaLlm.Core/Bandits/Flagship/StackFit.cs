namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>What a <see cref="CanonicalStack"/> found.</summary>
/// <param name="Thetas">Per arm, the coefficients over the whole context.</param>
/// <param name="HeldOut">Per row and arm, a prediction made without the row.</param>
internal sealed record StackFit(double[][] Thetas, double[][] HeldOut);
