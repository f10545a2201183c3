namespace MetaLlm.Lab.Sessions;

/// <summary>What became of sessions under one strategy.</summary>
internal sealed record SessionOutcome
{
    /// <summary>The strategy.</summary>
    public required SessionStrategy Strategy { get; init; }

    /// <summary>Cost of each session, USD.</summary>
    public required double[] CostUsd { get; init; }

    /// <summary>Questions of each session that were answered well.</summary>
    public required double[] Successes { get; init; }

    /// <summary>Questions of each session.</summary>
    public required double[] Questions { get; init; }

    /// <summary>Calls that another model served than the call before.</summary>
    public required int Switches { get; init; }

    /// <summary>Those that brought the result of a tool which the model before had called.</summary>
    public required int UnsafeSwitches { get; init; }

    /// <summary>Which part of the prompts' tokens came out of caches.</summary>
    public required double CachedShare { get; init; }

    /// <summary>Calls served, by model.</summary>
    public required int[] Served { get; init; }

    /// <summary>Hash of the tenant's state at the end.</summary>
    public required string StateHash { get; init; }
}
