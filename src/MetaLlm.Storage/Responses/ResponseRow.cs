using MetaLlm.Engine.Responses;

namespace MetaLlm.Storage.Responses;

/// <summary>A row of <c>responses</c>.</summary>
internal sealed class ResponseRow
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    public string? PreviousId { get; init; }

    /// <summary>Ticks, UTC.</summary>
    public required long CreatedAt { get; init; }

    public required byte[] Input { get; init; }

    public required byte[] Response { get; init; }

    /// <summary>Parameters to write a response with.</summary>
    public static object Of(StoredResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new
        {
            tenant = response.Tenant,
            id = response.Id,
            previousId = response.PreviousId,
            createdAt = response.CreatedAt.UtcTicks,
            input = response.Input.ToArray(),
            response = response.Response.ToArray(),
        };
    }

    /// <summary>What the row says.</summary>
    public StoredResponse ToResponse() => new()
    {
        Tenant = Tenant, Id = Id, PreviousId = PreviousId, CreatedAt = new DateTimeOffset(CreatedAt, TimeSpan.Zero), Input = Input, Response = Response,
    };
}
