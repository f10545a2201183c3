namespace MetaLlm.Core.Bandits;

/// <summary>What a policy is created from.</summary>
/// <param name="Dimension">Length of context vectors, at least 1; entry 0 is the bias (always 1).</param>
/// <param name="Blocks">Lengths of the context's blocks in order: bias, structural, task tag, embedding; they sum to the dimension.</param>
/// <param name="PriceWeight">Fixed quality per USD for policies that trade money themselves; at least 0.</param>
/// <param name="Options">Every option of the policy with its value.</param>
public sealed record PolicySetup(
    int Dimension,
    ContextBlocks Blocks,
    double PriceWeight,
    IReadOnlyDictionary<string, double> Options);
