namespace MetaLlm.Engine.TenantDirectory;

/// <summary>A change of the directory.</summary>
[GenerateSerializer, Immutable, Alias("metallm.directory-write")]
public sealed record DirectoryWrite
{
    /// <summary>What is done.</summary>
    [Id(0)]
    public required DirectoryAction Action { get; init; }

    /// <summary>Who does it: the id of a key, or a word for one that has none.</summary>
    [Id(1)]
    public required string Actor { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(2)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The tenant that it is about; null for a key that manages.</summary>
    [Id(3)]
    public string? Tenant { get; init; }

    /// <summary>
    /// The tenant's new document, JSON; for <see cref="DirectoryAction.CreateTenant"/> and <see cref="DirectoryAction.ReplaceTenant"/>. For
    /// a record (<see cref="DirectoryRules.IsRecord"/>), what it says, JSON: for <see cref="DirectoryAction.ResetBudget"/>, how its budgets stand.
    /// </summary>
    [Id(4)]
    public string? Document { get; init; }

    /// <summary>The revision that the tenant must have; null for any.</summary>
    [Id(5)]
    public long? ExpectedRevision { get; init; }

    /// <summary>The new key; for <see cref="DirectoryAction.CreateKey"/>.</summary>
    [Id(6)]
    public DirectoryKey? Key { get; init; }

    /// <summary>Id of the key; for <see cref="DirectoryAction.RevokeKey"/>.</summary>
    [Id(7)]
    public string? KeyId { get; init; }

    /// <summary>Whether the tenant of a new key must stand in the directory; one of a configuration file does not.</summary>
    [Id(8)]
    public bool NeedsTenant { get; init; }

    /// <summary>What was there before, JSON; for a record, such as how the tenant's budgets stood for <see cref="DirectoryAction.ResetBudget"/>.</summary>
    [Id(9)]
    public string? Before { get; init; }
}
