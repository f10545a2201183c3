namespace MetaLlm.Engine.RequestLog;

/// <summary>A request that is kept with its texts, as far as they may be kept.</summary>
[GenerateSerializer, Immutable, Alias("metallm.logged-request")]
public sealed record LoggedRequest
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>The id, 1 to 128 characters, unique within the tenant: that of the decision where one was made.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>When it came.</summary>
    [Id(2)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it was and what became of it, a JSON object without texts of clients and models.</summary>
    [Id(3)]
    public required string Head { get; init; }

    /// <summary>Its texts, a JSON object in UTF-8; empty where they were not read.</summary>
    [Id(4)]
    public ReadOnlyMemory<byte> Body { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Tenant = ").Append(Tenant).Append(", Id = ").Append(Id);
        return true;
    }
}
