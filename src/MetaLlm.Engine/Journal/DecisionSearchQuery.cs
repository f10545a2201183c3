namespace MetaLlm.Engine.Journal;

/// <summary>Which decisions to find. Members that are null let every decision pass.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decision-search-query")]
public sealed record DecisionSearchQuery
{
    /// <summary>Most decisions of a page, and most that one search may look at.</summary>
    public const int Most = 100_000;

    /// <summary>The owner (<see cref="Core.Tenancy.TenantOwner"/>); a tenant with several is searched owner by owner.</summary>
    [Id(0)]
    public required string Owner { get; init; }

    /// <summary>The earliest time of a decision. The search begins and ends where ordinals and times say so, which agree unless an owner's clock was set back.</summary>
    [Id(1)]
    public DateTimeOffset? From { get; init; }

    /// <summary>The time before which decisions were made.</summary>
    [Id(2)]
    public DateTimeOffset? To { get; init; }

    /// <summary>The arm that served the call.</summary>
    [Id(3)]
    public string? Arm { get; init; }

    /// <summary>The caller's task tag.</summary>
    [Id(4)]
    public string? Task { get; init; }

    /// <summary>The ordinal before which decisions are looked for: <see cref="DecisionSearchPage.Next"/> of the page before.</summary>
    [Id(5)]
    public long? Before { get; init; }

    /// <summary>Most decisions to find.</summary>
    /// <value>Default 50; 1 to <see cref="Most"/>.</value>
    [Id(6)]
    public int Limit { get; init; } = 50;

    /// <summary>Most decisions to look at, so that a search for what is rare takes no longer than one for what is common.</summary>
    /// <value>Default 20,000; 1 to <see cref="Most"/>.</value>
    [Id(7)]
    public int LookAt { get; init; } = 20_000;

    /// <summary>Whether task tags are wanted. Without them, and without <see cref="Task"/>, records are not read.</summary>
    [Id(8)]
    public bool WithTasks { get; init; } = true;

    /// <summary>Whether records have to be read.</summary>
    public bool NeedsRecords => WithTasks || Task is not null;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not legal.</exception>
    public void ThrowIfInvalid()
    {
        ArgumentException.ThrowIfNullOrEmpty(Owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Limit, Most);
        ArgumentOutOfRangeException.ThrowIfLessThan(LookAt, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LookAt, Most);
    }
}
