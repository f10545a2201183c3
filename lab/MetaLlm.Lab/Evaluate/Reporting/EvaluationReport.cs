namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>What <c>evaluate</c> found.</summary>
internal sealed record EvaluationReport
{
    /// <summary>Name of the suite.</summary>
    public required string Suite { get; init; }

    /// <summary>Seeds of every point.</summary>
    public required int Seeds { get; init; }

    /// <summary>Data sets, the simulator's first.</summary>
    public required IReadOnlyList<DatasetEvaluation> Sets { get; init; }

    /// <summary>Wall time, seconds.</summary>
    public required double Seconds { get; init; }
}
