using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Keeps responses on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.response-store")]
internal interface IResponseStoreGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IResponseStore.PutAsync"/>.</summary>
    [Alias("put")]
    ValueTask<bool> PutAsync(StoredResponse response, CancellationToken cancellationToken);

    /// <summary>See <see cref="IResponseStore.FindAsync"/>.</summary>
    [Alias("find")]
    ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>See <see cref="IResponseStore.ReadChainAsync"/>.</summary>
    [Alias("read-chain")]
    ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IResponseStore.DeleteAsync"/>.</summary>
    [Alias("delete")]
    ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>See <see cref="IResponseStore.DropAsync"/>.</summary>
    [Alias("drop")]
    ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IResponseStore.DeleteTenantAsync"/>.</summary>
    [Alias("delete-tenant")]
    ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
