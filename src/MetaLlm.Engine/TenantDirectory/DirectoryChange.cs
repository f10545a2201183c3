namespace MetaLlm.Engine.TenantDirectory;

/// <summary>A change that was made: who, when, what was there before and after.</summary>
[GenerateSerializer, Immutable, Alias("metallm.directory-change")]
public sealed record DirectoryChange
{
    /// <summary>Its revision, at least 1; revisions ascend in the order in which changes became durable.</summary>
    [Id(0)]
    public required long Revision { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: the id of a key, or a word for one that has none.</summary>
    [Id(2)]
    public required string Actor { get; init; }

    /// <summary>What was done.</summary>
    [Id(3)]
    public required DirectoryAction Action { get; init; }

    /// <summary>The tenant that it was about; null for a key that manages.</summary>
    [Id(4)]
    public string? Tenant { get; init; }

    /// <summary>The key that it was about; null for none.</summary>
    [Id(5)]
    public string? KeyId { get; init; }

    /// <summary>JSON of what was there; null for nothing.</summary>
    [Id(6)]
    public string? Before { get; init; }

    /// <summary>JSON of what is there now; null for nothing.</summary>
    [Id(7)]
    public string? After { get; init; }
}
