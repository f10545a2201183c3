namespace MetaLlm.Chaos.Cluster;

/// <summary>What cluster to start.</summary>
internal sealed record ClusterOptions
{
    /// <summary>How many hosts.</summary>
    public int Hosts { get; init; } = 3;

    /// <summary>How many tenants.</summary>
    public int Tenants { get; init; } = 64;

    /// <summary>The build that the hosts run first.</summary>
    public string Program { get; init; } = OwnProgram;

    /// <summary>Whether hosts have clocks that can be set.</summary>
    public bool Clocks { get; init; } = true;

    /// <summary>Whether logs and configurations stay at the end.</summary>
    public bool KeepFiles { get; init; }

    /// <summary>The host of this build.</summary>
    public static string OwnProgram { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "MetaLlm.Host.exe" : "MetaLlm.Host");
}
