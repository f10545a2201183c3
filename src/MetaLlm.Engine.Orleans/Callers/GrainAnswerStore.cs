using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The kept answers of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainAnswerStore(IGrainFactory grains) : IAnswerStore
{
    private IAnswerStoreGrain? _worker;

    private IAnswerStoreGrain Worker => _worker ??= StoreGrains.Find<IAnswerStoreGrain>(grains, "answers");

    /// <inheritdoc/>
    public ValueTask<KeptAnswer?> ClaimAsync(AnswerClaim claim, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.ClaimAsync(claim, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.RenewAsync(tenant, id, owner, heldUntil, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> KeepAsync(string tenant, string id, KeptAnswer answer, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.KeepAsync(tenant, id, answer, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ReleaseAsync(tenant, id, owner, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> TrimAsync(string tenant, int most, long mostBytes, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.TrimAsync(tenant, most, mostBytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.DropAsync(before, limit, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.DeleteTenantAsync(tenant, cancellationToken)).ConfigureAwait(false);
}
