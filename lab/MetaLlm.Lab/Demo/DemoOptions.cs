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

    /// <summary>Mean spend per request for the policy to keep, USD.</summary>
    public double UsdPerRequest { get; init; } = 2e-4;

    /// <summary>Whether requests carry their kind as a task tag.</summary>
    public bool Tagged { get; init; }

    /// <summary>Whether the gateway stays up at the end.</summary>
    public bool Serve { get; init; }

    /// <summary>Where the figures go as JSON; null for nowhere.</summary>
    public FileInfo? Json { get; init; }

    /// <summary>Where the HTML report goes.</summary>
    public required FileInfo Report { get; init; }
}
