using MetaLlm.Engine.Responses;

namespace MetaLlm.Engine.Ports;

/// <summary>Responses that clients may come back to: to read one, or to go on from it. Each tenant sees its own.</summary>
/// <remarks>
/// Implementations are safe for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>; a change may then be
/// written or not.
/// </remarks>
public interface IResponseStore
{
    /// <summary>Keeps a response. It is durable when the call returns. One that is there already stays as it is.</summary>
    ValueTask PutAsync(StoredResponse response, CancellationToken cancellationToken);

    /// <summary>A response; null where there is none.</summary>
    ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>A response and those that it goes on from.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The response.</param>
    /// <param name="limit">Most responses to read, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Them, the oldest first; they end where one is missing. Empty where the response itself is.</returns>
    ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes a response. Those that go on from it stay.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Deletes responses of all tenants that are older than a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="limit">Most responses to delete, at least 1.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    /// <returns>How many were deleted; fewer than the limit when no more are left.</returns>
    ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes all responses of a tenant.</summary>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
