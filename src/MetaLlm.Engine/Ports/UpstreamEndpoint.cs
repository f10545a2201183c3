using System.Text;

namespace MetaLlm.Engine.Ports;

/// <summary>An upstream service with its address, key and patience.</summary>
public sealed record UpstreamEndpoint
{
    /// <summary>Name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Address under which <c>chat/completions</c> lies; http or https.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>Bearer key; null for none. Never printed.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Time limits.</summary>
    public UpstreamTimeouts Timeouts { get; init; } = new();

    /// <summary>How often a connection that could not be made is tried again before the arm counts as failed; at least 0.</summary>
    public int ConnectRetries { get; init; } = 1;

    /// <summary>Whether to ask for a usage count in streams (<c>stream_options.include_usage</c>); some servers refuse the field.</summary>
    public bool AskForStreamUsage { get; init; } = true;

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name).Append(", BaseAddress = ").Append(BaseAddress);
        return true;
    }
}
