using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A tenant as configured.</summary>
public sealed record TenantSettings
{
    /// <summary>Identity; part of every key in storage.</summary>
    public required string Id { get; init; }

    /// <summary>SHA-256 of each of its keys; the keys themselves are not kept.</summary>
    public required IReadOnlyList<byte[]> KeyHashes { get; init; }

    /// <summary>What its policy is made from.</summary>
    public required TenantConfiguration Configuration { get; init; }

    /// <summary>What stands behind its arms, by arm id.</summary>
    public required IReadOnlyDictionary<string, ArmTarget> Targets { get; init; }
}
