namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>One arm of an <see cref="ArmMatrices"/>, taken out to learn from a context x.</summary>
/// <param name="arm">The arm.</param>
/// <param name="inverse">P_a, packed; a copy.</param>
/// <param name="product">P_a x.</param>
/// <param name="quadratic">x'P_a x.</param>
internal readonly ref struct ArmView(int arm, Span<double> inverse, Span<double> product, double quadratic)
{
    /// <summary>The arm.</summary>
    public int Arm { get; } = arm;

    /// <summary>P_a, packed; a copy.</summary>
    public Span<double> Inverse { get; } = inverse;

    /// <summary>P_a x.</summary>
    public Span<double> Product { get; } = product;

    /// <summary>x'P_a x.</summary>
    public double Quadratic { get; } = quadratic;
}
