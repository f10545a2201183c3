namespace MetaLlm.Engine.RequestLog;

/// <summary>Which requests to list: the newest first.</summary>
[GenerateSerializer, Immutable, Alias("metallm.logged-request-query")]
public sealed record LoggedRequestQuery
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>The earliest time.</summary>
    [Id(1)]
    public required DateTimeOffset From { get; init; }

    /// <summary>The time before which they came. With <see cref="BeforeId"/>, those of this very moment are listed too that come after that id.</summary>
    [Id(2)]
    public required DateTimeOffset To { get; init; }

    /// <summary>The last one of the part before; null for the first part.</summary>
    [Id(3)]
    public string? BeforeId { get; init; }

    /// <summary>Most of them, at least 1.</summary>
    [Id(4)]
    public required int Limit { get; init; }
}
