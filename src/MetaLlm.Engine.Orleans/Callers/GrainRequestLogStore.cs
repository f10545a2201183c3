using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The request log of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainRequestLogStore(IGrainFactory grains) : IRequestLogStore
{
    private IRequestLogGrain? _worker;

    private IRequestLogGrain Worker => _worker ??= StoreGrains.Find<IRequestLogGrain>(grains, "requests");

    /// <inheritdoc/>
    public async ValueTask PutAsync(IReadOnlyList<LoggedRequest> requests, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.PutAsync(requests, cancellationToken)).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.FindAsync(tenant, id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.ListAsync(query, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken) => ClusterFailures.TranslateAsync(Worker.ListTenantsAsync(cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.DropAsync(tenant, before, limit, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.DeleteTenantAsync(tenant, cancellationToken)).ConfigureAwait(false);
}
