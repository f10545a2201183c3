using MetaLlm.Engine.Idempotency;

namespace MetaLlm.Engine.Ports;

/// <summary>Answers to requests that may come again. Of the calls for one request at a time one runs, on whichever node; the others get its answer. Each tenant has its own.</summary>
/// <remarks>
/// Implementations are safe for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>; a change may then be
/// written or not.
/// </remarks>
public interface IAnswerStore
{
    /// <summary>Claims a request for a call, unless another call has answered it or is about to. The claim is durable when the call returns.</summary>
    /// <returns>Who has the request now: the caller where <see cref="KeptAnswer.Owner"/> is its own and there is no status. Null where whoever had it let go of it at this moment.</returns>
    ValueTask<KeptAnswer?> ClaimAsync(AnswerClaim claim, CancellationToken cancellationToken);

    /// <summary>Says that a call still runs.</summary>
    /// <returns>Whether it still has the request.</returns>
    ValueTask<bool> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken);

    /// <summary>Keeps the answer of the call that has a request. It is durable when the call returns.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">Hash of the request's key.</param>
    /// <param name="answer">The answer, with its owner and its status.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether the call still had the request; nothing is kept otherwise.</returns>
    ValueTask<bool> KeepAsync(string tenant, string id, KeptAnswer answer, CancellationToken cancellationToken);

    /// <summary>Lets go of a request that was not answered, so that it may be answered by another call.</summary>
    /// <returns>Whether the call had it.</returns>
    ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken);

    /// <summary>Deletes the oldest answers of a tenant beyond a number or a size.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="most">Most answers to keep, at least 0.</param>
    /// <param name="mostBytes">Most bytes of bodies to keep, at least 0.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    /// <returns>How many were deleted.</returns>
    ValueTask<int> TrimAsync(string tenant, int most, long mostBytes, CancellationToken cancellationToken);

    /// <summary>Deletes answers and claims of all tenants that are older than a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="limit">Most to delete, at least 1.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    /// <returns>How many were deleted; fewer than the limit when no more are left.</returns>
    ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes all answers and claims of a tenant.</summary>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
