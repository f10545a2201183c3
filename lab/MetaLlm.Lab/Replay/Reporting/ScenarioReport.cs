namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What one policy did while the world changed.</summary>
internal sealed record ScenarioReport
{
    /// <summary>Name of the scenario.</summary>
    public required string Name { get; init; }

    /// <summary>The arm that it is about, or null.</summary>
    public required string? Arm { get; init; }

    /// <summary>The phases in order.</summary>
    public required IReadOnlyList<PhaseReport> Phases { get; init; }

    /// <summary>Whether and when a new arm was taken up; null when none joins.</summary>
    public required AdoptionReport? Adoption { get; init; }

    /// <summary>The course of the stream, mean over seeds.</summary>
    public required ScenarioCurves Curves { get; init; }
}
