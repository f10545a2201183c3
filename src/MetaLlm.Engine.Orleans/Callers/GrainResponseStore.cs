using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The responses of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainResponseStore(IGrainFactory grains) : IResponseStore
{
    private IResponseStoreGrain? _worker;

    private IResponseStoreGrain Worker => _worker ??= StoreGrains.Find<IResponseStoreGrain>(grains, "responses");

    /// <inheritdoc/>
    public async ValueTask PutAsync(StoredResponse response, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.PutAsync(response, cancellationToken)).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.FindAsync(tenant, id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ReadChainAsync(tenant, id, limit, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.DeleteAsync(tenant, id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.DropAsync(before, limit, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.DeleteTenantAsync(tenant, cancellationToken)).ConfigureAwait(false);
}
