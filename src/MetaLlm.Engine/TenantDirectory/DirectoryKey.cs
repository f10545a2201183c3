using MetaLlm.Engine.Admission;

namespace MetaLlm.Engine.TenantDirectory;

/// <summary>A key of the directory. The key itself is kept nowhere.</summary>
[GenerateSerializer, Immutable, Alias("metallm.directory-key")]
public sealed record DirectoryKey
{
    /// <summary>Its id, which is a part of the key and no secret.</summary>
    [Id(0)]
    public required string Id { get; init; }

    /// <summary>The tenant that it belongs to; null for one that manages.</summary>
    [Id(1)]
    public string? Tenant { get; init; }

    /// <summary>What people call it; null for nothing.</summary>
    [Id(2)]
    public string? Name { get; init; }

    /// <summary>What it opens: scopes of a tenant's key, or the role of one that manages.</summary>
    [Id(3)]
    public IReadOnlyList<string> Rights { get; init; } = [];

    /// <summary>What the secret is hashed with.</summary>
    [Id(4)]
    public required byte[] Salt { get; init; }

    /// <summary>SHA-256 of salt and secret, 32 bytes.</summary>
    [Id(5)]
    public required byte[] Hash { get; init; }

    /// <summary>When it was created, UTC.</summary>
    [Id(6)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it opens nothing, UTC; null for never.</summary>
    [Id(7)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was used last, UTC, to about a minute; null for never.</summary>
    [Id(8)]
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Of a tenant's key, how many calls it may make; null for as many as the tenant.</summary>
    [Id(9)]
    public AdmissionLimits? Limits { get; init; }
}
