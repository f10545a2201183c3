using System.Text;

namespace MetaLlm.Engine.Ports;

/// <summary>An upstream service with its address, key and patience.</summary>
[GenerateSerializer, Immutable, Alias("metallm.upstream-endpoint")]
public sealed record UpstreamEndpoint
{
    /// <summary>The protocol of servers that speak the OpenAI chat completion format.</summary>
    public const string OpenAi = "openai";

    /// <summary>Name in the configuration.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Address under which <c>chat/completions</c> lies; http or https.</summary>
    [Id(1)]
    public required Uri BaseAddress { get; init; }

    /// <summary>Bearer key; null for none. Never printed.</summary>
    [Id(2)]
    public string? ApiKey { get; init; }

    /// <summary>Time limits.</summary>
    [Id(3)]
    public UpstreamTimeouts Timeouts { get; init; } = new();

    /// <summary>How often a connection that could not be made is tried again before the arm counts as failed; at least 0.</summary>
    [Id(4)]
    public int ConnectRetries { get; init; } = 1;

    /// <summary>Whether to ask for a usage count in streams (<c>stream_options.include_usage</c>); some servers refuse the field.</summary>
    [Id(5)]
    public bool AskForStreamUsage { get; init; } = true;

    /// <summary>What the upstream speaks; it says which provider makes the call.</summary>
    [Id(6)]
    public string Protocol { get; init; } = OpenAi;

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name).Append(", BaseAddress = ").Append(BaseAddress);
        return true;
    }
}
