namespace MetaLlm.Engine.Batches;

/// <summary>A file of a tenant: what a batch asks, or what came of one. Its content lies in parts beside it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.stored-file")]
public sealed record StoredFile
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>Id, which no other file has.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>What it is for: <c>batch</c> or <c>batch_output</c>.</summary>
    [Id(2)]
    public required string Purpose { get; init; }

    /// <summary>Its name, as the client gave it.</summary>
    [Id(3)]
    public required string Name { get; init; }

    /// <summary>When it came.</summary>
    [Id(4)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Bytes of its content, at least 0.</summary>
    [Id(5)]
    public long Bytes { get; init; }
}
