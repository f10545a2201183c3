namespace MetaLlm.Lab.Replay.Playing;

/// <summary>What one policy did on one seed's stream; arrays are by scored request, in the order of the stream.</summary>
internal sealed record SeedOutcome
{
    /// <summary>Indices of the scored rows.</summary>
    public required int[] Rows { get; init; }

    /// <summary>Number of the first scored request of every phase of the world.</summary>
    public IReadOnlyList<int> PhaseStarts { get; init; } = [0];

    /// <summary>Index of the chosen arm within the world.</summary>
    public required int[] Choices { get; init; }

    /// <summary>Reward of the chosen arm.</summary>
    public required double[] Rewards { get; init; }

    /// <summary>Best reward that any arm which could serve would have had.</summary>
    public required double[] BestRewards { get; init; }

    /// <summary>Cost of the chosen arm, USD.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Reward of the chosen arm as predicted when it was chosen; empty when nothing predicts.</summary>
    public double[] PredictedQuality { get; init; } = [];

    /// <summary>Cost of the chosen arm as predicted when it was chosen, USD; empty when nothing predicts.</summary>
    public double[] PredictedCostUsd { get; init; } = [];

    /// <summary>Duration of every decision of the stream, microseconds.</summary>
    public double[] DecideMicros { get; init; } = [];

    /// <summary>Duration of every application of a reward, microseconds.</summary>
    public double[] UpdateMicros { get; init; } = [];

    /// <summary>What a purse has spent on answers of models that did not serve, USD; no part of <see cref="CostUsd"/>.</summary>
    public double ShadowUsd { get; init; }

    /// <summary>How many answers that were, by arm.</summary>
    public int[] ShadowAnswers { get; init; } = [];

    /// <summary>How many queries they were answers to.</summary>
    public int ShadowRows { get; init; }

    /// <summary>Hash of the tenant's state at the end; empty when the player keeps no state.</summary>
    public string StateHash { get; init; } = string.Empty;
}
