namespace MetaLlm.Cli.Replay.Playing;

/// <summary>What one policy did on one seed's stream; arrays are by scored request, in the order of the stream.</summary>
internal sealed record SeedOutcome
{
    /// <summary>Indices of the scored rows.</summary>
    public required int[] Rows { get; init; }

    /// <summary>Index of the chosen arm.</summary>
    public required int[] Choices { get; init; }

    /// <summary>Reward of the chosen arm.</summary>
    public required double[] Rewards { get; init; }

    /// <summary>Cost of the chosen arm, USD.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Duration of every decision of the stream, microseconds.</summary>
    public double[] DecideMicros { get; init; } = [];

    /// <summary>Duration of every application of a reward, microseconds.</summary>
    public double[] UpdateMicros { get; init; } = [];

    /// <summary>Hash of the tenant's state at the end; empty when the player keeps no state.</summary>
    public string StateHash { get; init; } = string.Empty;
}
