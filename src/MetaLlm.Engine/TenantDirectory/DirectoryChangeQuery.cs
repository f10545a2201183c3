namespace MetaLlm.Engine.TenantDirectory;

/// <summary>Which changes to read.</summary>
[GenerateSerializer, Immutable, Alias("metallm.directory-change-query")]
public sealed record DirectoryChangeQuery
{
    /// <summary>The tenant that they are about; null for all.</summary>
    [Id(0)]
    public string? Tenant { get; init; }

    /// <summary>The earliest time, UTC; null for all.</summary>
    [Id(1)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>The revision that they come after.</summary>
    [Id(2)]
    public long After { get; init; }

    /// <summary>Most changes to read, at least 1.</summary>
    [Id(3)]
    public int Limit { get; init; } = 100;

    /// <summary>Whether what was there before and after is wanted.</summary>
    [Id(4)]
    public bool WithContents { get; init; } = true;
}
