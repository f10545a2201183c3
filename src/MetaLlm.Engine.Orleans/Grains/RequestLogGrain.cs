using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's request log for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.request-log")]
[StatelessWorker, Reentrant]
internal sealed class RequestLogGrain(IServiceProvider services) : Grain, IRequestLogGrain
{
    private IRequestLogStore Store => services.GetService<IRequestLogStore>() ?? throw new EngineUnavailableException("The silo's store keeps no requests.");

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(IReadOnlyList<LoggedRequest> requests, CancellationToken cancellationToken)
    {
        await Store.PutAsync(requests, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => Store.FindAsync(tenant, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken) => Store.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken) => Store.ListTenantsAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken) => Store.DropAsync(tenant, before, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await Store.DeleteTenantAsync(tenant, cancellationToken);
        return true;
    }
}
