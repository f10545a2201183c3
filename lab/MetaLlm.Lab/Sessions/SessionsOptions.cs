namespace MetaLlm.Lab.Sessions;

/// <summary>What the benchmark of sessions plays.</summary>
internal sealed record SessionsOptions
{
    /// <summary>Worlds by name.</summary>
    public required IReadOnlyList<string> Worlds { get; init; }

    /// <summary>A data set whose recorded outcomes are played instead of the worlds; null for none.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Which part of it: one of <see cref="RecordedWorld.Parts"/>.</summary>
    public string Part { get; init; } = "val";

    /// <summary>What is compared; <see cref="SessionStrategy.PerTurn"/> is among them.</summary>
    public IReadOnlyList<SessionStrategy> Strategies { get; init; } = Enum.GetValues<SessionStrategy>();

    /// <summary>Sessions of each seed.</summary>
    public required int Sessions { get; init; }

    /// <summary>How many seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>What is asked of routing.</summary>
    public required IReadOnlyList<SessionGoal> Goals { get; init; }

    /// <summary>Where the figures go as JSON; null for nowhere.</summary>
    public string? JsonFile { get; init; }
}
