using MetaLlm.Gateway.Configuration;
using MetaLlm.Simulator;

namespace MetaLlm.Host;

/// <summary>What a host is built from.</summary>
public sealed record MetaLlmHostOptions
{
    /// <summary>The configuration file; the host follows its changes.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Addresses to listen on instead of the configured ones, such as <c>http://127.0.0.1:0</c>; null to keep those.</summary>
    public IReadOnlyList<string>? Listen { get; init; }

    /// <summary>Directory of the database instead of the configured path; null to keep that.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether a silo takes ports that are free instead of the configured ones, so that hosts can stand beside each other.</summary>
    public bool AnySiloPorts { get; init; }

    /// <summary>Looks up environment variables, which hold keys.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Reads files, which hold keys too.</summary>
    public SecretFiles Files { get; init; } = new();

    /// <summary>Changes the simulator's setup before it starts; null to take it as configured.</summary>
    public Func<SimulatorOptions, SimulatorOptions>? Simulator { get; init; }

    /// <summary>Changes the services before the host is built; null to take them as they are.</summary>
    internal Action<IServiceCollection>? Services { get; init; }

    /// <summary>Sets up logging; null for single lines on standard error.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
