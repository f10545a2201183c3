using MetaLlm.Lab.Evaluate.Parts;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>The battery on one data set. Parts that a suite leaves out are empty.</summary>
internal sealed record DatasetEvaluation
{
    /// <summary>Name of the data set.</summary>
    public required string Name { get; init; }

    /// <summary>Its rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Its arms.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>Policies and budgets; warm and cold, with and without the task tag.</summary>
    public required IReadOnlyList<EvaluationPoint> Points { get; init; }

    /// <summary>Regret without a budget.</summary>
    public required IReadOnlyList<RegretCurve> Regret { get; init; }

    /// <summary>Calibration of the flagship, warm, at the middle budget.</summary>
    public required Calibration Calibration { get; init; }

    /// <summary>Scenarios, flagship, warm, at the middle budget; a swap of phases also without one.</summary>
    public required IReadOnlyList<ReplayReport> Scenarios { get; init; }

    /// <summary>Stressed feedback, flagship, cold, at the middle budget.</summary>
    public required IReadOnlyList<StressResult> Stresses { get; init; }

    /// <summary>Negative controls, flagship, warm, at the middle budget.</summary>
    public required IReadOnlyList<ControlResult> Controls { get; init; }

    /// <summary>Coverage of off-policy intervals.</summary>
    public required IReadOnlyList<CoverageResult> Coverage { get; init; }

    /// <summary>What is there to be learned, with and without the task tag.</summary>
    public required IReadOnlyList<LearnablePoint> Learnable { get; init; }
}
