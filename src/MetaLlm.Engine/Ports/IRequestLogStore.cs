using MetaLlm.Engine.RequestLog;

namespace MetaLlm.Engine.Ports;

/// <summary>Requests that tenants want kept with their texts. Each tenant sees its own.</summary>
/// <remarks>
/// Implementations are safe for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>; a change may then be
/// written or not.
/// </remarks>
public interface IRequestLogStore
{
    /// <summary>Keeps requests. They are durable when the call returns. One that is there already stays as it is.</summary>
    ValueTask PutAsync(IReadOnlyList<LoggedRequest> requests, CancellationToken cancellationToken);

    /// <summary>A request with its texts; null where there is none.</summary>
    ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Requests without their texts, the newest first.</summary>
    ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken);

    /// <summary>The tenants of which something is kept, in order.</summary>
    ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken);

    /// <summary>Deletes requests of a tenant that are older than a time.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="before">The time.</param>
    /// <param name="limit">Most to delete, at least 1.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    /// <returns>How many were deleted; fewer than the limit when no more are left.</returns>
    ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes all requests of a tenant.</summary>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
