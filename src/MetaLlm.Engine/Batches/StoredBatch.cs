namespace MetaLlm.Engine.Batches;

/// <summary>A batch of a tenant, and who runs it.</summary>
[GenerateSerializer, Immutable, Alias("metallm.stored-batch")]
public sealed record StoredBatch
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>Id, which no other batch has.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    [Id(2)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether something is left to do.</summary>
    [Id(3)]
    public bool IsOpen { get; init; } = true;

    /// <summary>When it was asked to stop; null where it was not.</summary>
    [Id(4)]
    public DateTimeOffset? CancelledAt { get; init; }

    /// <summary>All else that is known of it, a JSON object.</summary>
    [Id(5)]
    public required string Document { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Tenant = ").Append(Tenant).Append(", Id = ").Append(Id).Append(", IsOpen = ").Append(IsOpen);
        return true;
    }
}
