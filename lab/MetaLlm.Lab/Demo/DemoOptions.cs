namespace MetaLlm.Lab.Demo;

/// <summary>What the demo is asked to do.</summary>
internal sealed record DemoOptions
{
    /// <summary>Queries to send, 100 to 4,000.</summary>
    public int Requests { get; init; } = 2400;

    /// <summary>Requests under way at once, 1 to 64.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>Seed of the simulator, the traffic and the policy.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many worlds to play, each with the next seed, 1 to 100; the report is of the first.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Mean spend per request for the policy to keep, USD.</summary>
    public double UsdPerRequest { get; init; } = 2e-4;

    /// <summary>Whether requests carry their kind as a task tag.</summary>
    public bool Tagged { get; init; }

    /// <summary>1 for the act with feedback alone, 2 for the one without any as well.</summary>
    public int Acts { get; init; } = 2;

    /// <summary>What the judge of the second act may cost, USD.</summary>
    public double PurseUsd { get; init; } = 0.1;

    /// <summary>Whether the gateway stays up at the end.</summary>
    public bool Serve { get; init; }

    /// <summary>Where the figures go as JSON; null for nowhere.</summary>
    public FileInfo? Json { get; init; }

    /// <summary>Where the HTML report goes.</summary>
    public required FileInfo Report { get; init; }
}
