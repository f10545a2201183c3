using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's responses for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.response-store")]
[StatelessWorker, Reentrant]
internal sealed class ResponseStoreGrain(IServiceProvider services) : Grain, IResponseStoreGrain
{
    private IResponseStore Store => services.GetService<IResponseStore>() ?? throw new EngineUnavailableException("The silo's store keeps no responses.");

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(StoredResponse response, CancellationToken cancellationToken)
    {
        await Store.PutAsync(response, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => Store.FindAsync(tenant, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken) =>
        Store.ReadChainAsync(tenant, id, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => Store.DeleteAsync(tenant, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => Store.DropAsync(before, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await Store.DeleteTenantAsync(tenant, cancellationToken);
        return true;
    }
}
