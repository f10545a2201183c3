using MetaLlm.Engine.RequestLog;

namespace MetaLlm.Storage.RequestLog;

/// <summary>A row of <c>request_log</c>.</summary>
internal sealed class RequestLogRow
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    /// <summary>Ticks, UTC.</summary>
    public required long CreatedAt { get; init; }

    public required string Head { get; init; }

    /// <summary>Null where it was not read.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Parameters to write requests with.</summary>
    public static IReadOnlyList<object> Of(IReadOnlyList<LoggedRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return [.. requests.Select(one => new { tenant = one.Tenant, id = one.Id, createdAt = one.CreatedAt.UtcTicks, head = one.Head, body = one.Body.ToArray() })];
    }

    /// <summary>Parameters to list with.</summary>
    public static object Of(LoggedRequestQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);

        // No id is below the empty one, so that without an id none of the very moment is listed.
        return new { tenant = query.Tenant, from = query.From.UtcTicks, to = query.To.UtcTicks, beforeId = query.BeforeId ?? "", limit = query.Limit };
    }

    /// <summary>What the row says.</summary>
    public LoggedRequest ToRequest() => new() { Tenant = Tenant, Id = Id, CreatedAt = new DateTimeOffset(CreatedAt, TimeSpan.Zero), Head = Head, Body = Body };
}
