namespace MetaLlm.Lab.Evaluate;

/// <summary>What the battery runs beside its points.</summary>
internal static class EvaluationPart
{
    /// <summary>The world changes.</summary>
    public const string Scenarios = "scenarios";

    /// <summary>Feedback is late, missing, doubled or wrong.</summary>
    public const string Stresses = "stresses";

    /// <summary>Data in which there is nothing to gain.</summary>
    public const string Controls = "controls";

    /// <summary>Off-policy intervals.</summary>
    public const string Coverage = "coverage";

    /// <summary>What is there to be learned.</summary>
    public const string Learnable = "learnable";

    /// <summary>Every part.</summary>
    public static IReadOnlyList<string> All { get; } = [Scenarios, Stresses, Controls, Coverage, Learnable];
}
