using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Tenants for callers in this process, who name one where HTTP has a key.</summary>
internal sealed class LocalTenants(TenantSetups setups)
{
    /// <summary>Does something for a tenant, once it can be served.</summary>
    /// <param name="id">The tenant.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Ends the wait for the tenant.</param>
    /// <exception cref="ApiException">There is no such tenant, or it cannot be served.</exception>
    public async Task<T> RunAsync<T>(string id, Func<TenantSettings, Task<T>> work, CancellationToken cancellationToken)
    {
        var tenant = await setups.NamedAsync(id, cancellationToken).ConfigureAwait(false);
        try
        {
            return await work(tenant).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EmbeddingModelMismatchException)
        {
            setups.Damaged(tenant, e);
            throw;
        }
    }
}
