namespace MetaLlm.Core.Cascades;

/// <summary>Whether an answer leaves, or another model takes over.</summary>
/// <param name="Second">Index of the model that takes over; <see cref="Keep"/> when the answer leaves.</param>
/// <param name="Doubt">Probability that the answer is wrong.</param>
/// <param name="Gain">Quality that the best second model may add, in reward: what is expected, and a standard deviation of what is not known yet.</param>
/// <param name="Propensity">Probability of this choice.</param>
public readonly record struct CascadeChoice(int Second, double Doubt, double Gain, double Propensity)
{
    /// <summary>The answer leaves.</summary>
    public const int Keep = -1;
}
