namespace MetaLlm.Engine.Responses;

/// <summary>A response that is kept, with what was asked.</summary>
[GenerateSerializer, Immutable, Alias("metallm.stored-response")]
public sealed record StoredResponse
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>The id, 1 to 128 characters, unique within the tenant.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>The response that it goes on from; null for none.</summary>
    [Id(2)]
    public required string? PreviousId { get; init; }

    /// <summary>When it was made.</summary>
    [Id(3)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Items of the request, a JSON list in UTF-8.</summary>
    [Id(4)]
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The response as it was sent, a JSON object in UTF-8.</summary>
    [Id(5)]
    public required ReadOnlyMemory<byte> Response { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Tenant = ").Append(Tenant).Append(", Id = ").Append(Id);
        return true;
    }
}
