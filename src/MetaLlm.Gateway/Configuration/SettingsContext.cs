using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What settings are read with besides the configuration itself.</summary>
public sealed record SettingsContext
{
    /// <summary>Looks up environment variables, which hold keys.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Reads files, which hold keys.</summary>
    public SecretFiles Files { get; init; } = new();

    /// <summary>What keeps the configuration's source from being read, such as a syntax error; asked before each reading.</summary>
    public Func<SettingsError?> SourceError { get; init; } = () => null;

    /// <summary>Addresses to listen on instead of the configured ones; null to keep those.</summary>
    public IReadOnlyList<string>? Listen { get; init; }

    /// <summary>Directory of the database instead of the configured path; null to keep that.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Address of the simulator, <c>/v1</c> included; null while none runs.</summary>
    public Uri? SimulatorAddress { get; init; }

    /// <summary>Whether the gateway serves already, so that what is fixed at the start cannot be added.</summary>
    public bool Running { get; init; }
}
