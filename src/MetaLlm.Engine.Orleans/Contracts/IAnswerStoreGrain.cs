using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Keeps answers on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.answer-store")]
internal interface IAnswerStoreGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IAnswerStore.ClaimAsync"/>.</summary>
    [Alias("claim")]
    ValueTask<KeptAnswer?> ClaimAsync(AnswerClaim claim, CancellationToken cancellationToken);

    /// <summary>See <see cref="IAnswerStore.RenewAsync"/>.</summary>
    [Alias("renew")]
    ValueTask<bool> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken);

    /// <summary>See <see cref="IAnswerStore.KeepAsync"/>.</summary>
    [Alias("keep")]
    ValueTask<bool> KeepAsync(string tenant, string id, KeptAnswer answer, CancellationToken cancellationToken);

    /// <summary>See <see cref="IAnswerStore.ReleaseAsync"/>.</summary>
    [Alias("release")]
    ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken);

    /// <summary>See <see cref="IAnswerStore.TrimAsync"/>.</summary>
    [Alias("trim")]
    ValueTask<int> TrimAsync(string tenant, int most, long mostBytes, CancellationToken cancellationToken);

    /// <summary>See <see cref="IAnswerStore.DropAsync"/>.</summary>
    [Alias("drop")]
    ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IAnswerStore.DeleteTenantAsync"/>.</summary>
    [Alias("delete-tenant")]
    ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
